const format = new Intl.NumberFormat('en');

/** `1,234`, as the rest of the page is in English. */
export function numberWords(count: number): string {
  return format.format(count);
}

/** The same with a mark where it was not reported by the provider. */
export function tokenWords(count: number, source: 'reported' | 'estimated'): string {
  return `${source === 'estimated' && count > 0 ? '~' : ''}${numberWords(count)}`;
}
