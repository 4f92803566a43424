/** Something to begin with. */
export interface WorkflowTemplate {
  readonly name: string;
  readonly about: string;
  readonly definition: {
    readonly nodes: readonly Readonly<Record<string, unknown>>[];
    readonly edges: readonly Readonly<Record<string, string>>[];
  };
}

const start = { id: 'start', title: 'Start', type: 'start' };
const end = { id: 'end', title: 'End', type: 'end' };

/** The first one is the plainest. */
export const templates: readonly WorkflowTemplate[] = [
  {
    name: 'One question to a model',
    about: 'What the person writes goes to a model, whose answer is shown.',
    definition: {
      nodes: [
        start,
        {
          id: 'answer',
          title: 'Answer',
          type: 'llm',
          model: null,
          system: 'Answer in the language of the question.',
          prompt: '{{start.message}}',
          stream: true,
        },
        end,
      ],
      edges: [
        { from: 'start', to: 'answer' },
        { from: 'answer', to: 'end' },
      ],
    },
  },
  {
    name: 'A form',
    about: 'Asks with a form, and says what was filled in.',
    definition: {
      nodes: [
        start,
        {
          id: 'trip',
          title: 'Your trip',
          type: 'input',
          mode: 'form',
          prompt: 'Where do you want to go?',
          fields: [
            { key: 'city', label: 'City', type: 'text' },
            { key: 'nights', label: 'Nights', type: 'number' },
            { key: 'season', label: 'Season', type: 'select', options: ['Spring', 'Summer', 'Autumn', 'Winter'] },
            { key: 'alone', label: 'I travel alone', type: 'boolean', required: false },
          ],
        },
        {
          id: 'reply',
          title: 'Reply',
          type: 'output',
          text: '{{trip.nights}} nights in {{trip.city}}, in {{trip.season}}.',
        },
        end,
      ],
      edges: [
        { from: 'start', to: 'trip' },
        { from: 'trip', to: 'reply' },
        { from: 'reply', to: 'end' },
      ],
    },
  },
  {
    name: 'A draft with approval',
    about: 'Shows a draft, and writes another one until the person is content.',
    definition: {
      nodes: [
        start,
        {
          id: 'draft',
          title: 'Draft',
          type: 'llm',
          model: null,
          system: 'Write a short text as you are asked to. Only the text.',
          prompt: '{{start.message}}',
          stream: true,
        },
        {
          id: 'review',
          title: 'Review',
          type: 'output',
          text: 'Shall it stay like this?',
          ask: {
            kind: 'choice',
            options: [
              { id: 'yes', label: 'Yes' },
              { id: 'again', label: 'Another one' },
            ],
          },
        },
        { id: 'done', title: 'Done', type: 'output', text: 'It stays.' },
        end,
      ],
      edges: [
        { from: 'start', to: 'draft' },
        { from: 'draft', to: 'review' },
        { from: 'review', to: 'done', branch: 'yes' },
        { from: 'review', to: 'draft', branch: 'again' },
        { from: 'done', to: 'end' },
      ],
    },
  },
];
