import { templates } from './templates.ts';
import type { WorkflowTemplate } from './templates.ts';

/** Something to begin with; what is in the editor goes. */
export function TemplateChoice({ onTake }: { readonly onTake: (template: WorkflowTemplate) => void }) {
  return (
    <div className="templates" role="group" aria-label="Begin with">
      <span className="soft">Begin with</span>
      {templates.map((template) => (
        <button
          key={template.name}
          type="button"
          className="quiet"
          title={template.about}
          onClick={() => onTake(template)}
        >
          {template.name}
        </button>
      ))}
    </div>
  );
}
