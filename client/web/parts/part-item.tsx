import { memo } from 'react';
import type { Part } from '../../../shared/message.ts';
import { AnswerText } from '../markdown/answer-text.tsx';
import { FilePart } from './file-part.tsx';
import { InputPart } from './input-part.tsx';
import { ReasoningPart } from './reasoning-part.tsx';
import { SourcePart } from './source-part.tsx';
import { SteeringPart } from './steering-part.tsx';
import { ToolPart } from './tool-part.tsx';

interface PartItemProps {
  readonly part: Part;
  /** Whether this is what is being written now. */
  readonly isGrowing: boolean;
}

/** Kinds of parts that this page does not know are left out. */
export const PartItem = memo(({ part, isGrowing }: PartItemProps) => {
  switch (part.type) {
    case 'text':
      return <AnswerText text={part.text} isGrowing={isGrowing} />;
    case 'reasoning':
      return <ReasoningPart text={part.text} isGrowing={isGrowing} />;
    case 'tool':
      return <ToolPart part={part} />;
    case 'input':
      return <InputPart part={part} />;
    case 'file':
      return <FilePart part={part} />;
    case 'source':
      return <SourcePart part={part} />;
    case 'steering':
      return <SteeringPart part={part} />;
    default:
      return null;
  }
});
