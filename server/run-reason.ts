/** Why something failed, for the log: what a provider said stands in “ ” and may repeat what a person wrote. */
export function reasonOf({ message }: { readonly message: string }): string {
  return message.replaceAll(/“[^”]*”?/g, '“…”');
}
