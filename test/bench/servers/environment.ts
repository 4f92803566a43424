/** Where the provider double listens, as every server of the bench is told. */
export function providerUrl(): string {
  const url = process.env['OPENAI_BASE_URL'];
  if (url === undefined) throw new Error('OPENAI_BASE_URL: expected the URL of the provider double, got nothing');
  return url;
}
