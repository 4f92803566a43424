export interface Page {
  readonly cursor?: string | undefined;
  readonly limit: number;
}
