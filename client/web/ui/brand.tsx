/** The sign of the page: two sockets and the cord between them. */
export function Brand() {
  return (
    <svg className="brand" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <circle cx="9.5" cy="10" r="3" />
      <circle cx="22.5" cy="22" r="3" />
      <path d="M9.5 13v3c0 8 10 1 12.2 3.4" />
    </svg>
  );
}
