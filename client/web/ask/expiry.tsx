const times = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Until when a question can be answered, where that ends. */
export function Expiry({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return null;
  return (
    <p className="soft expiry">
      Open until <time dateTime={at}>{times.format(new Date(at))}</time>
    </p>
  );
}
