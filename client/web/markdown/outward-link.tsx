import type { ReactNode } from 'react';
import { safeLink } from './safe-link.ts';

interface OutwardLinkProps {
  readonly address: string | undefined;
  readonly children: ReactNode;
}

/** A link that a model wrote: it opens apart from the page, and tells the other side nothing about it. */
export function OutwardLink({ address, children }: OutwardLinkProps) {
  const href = safeLink(address);
  if (href === null) return <span>{children}</span>;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}
