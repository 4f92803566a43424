/** Text as it was written, line by line. */
export function PlainText({ children }: { readonly children: string }) {
  return <p className="plain">{children}</p>;
}
