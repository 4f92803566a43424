import { Component } from 'react';
import type { ReactNode } from 'react';

interface PlainOnErrorProps {
  readonly plain: ReactNode;
  readonly children: ReactNode;
}

/** Shows something plainer where what should be shown fails: a parser gives up on a text, or code cannot be loaded. */
export class PlainOnError extends Component<PlainOnErrorProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
