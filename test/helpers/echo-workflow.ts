/** Says what a person wrote once more, and ends. */
export const echoWorkflow = {
  nodes: [
    { id: 'start', title: 'Start', type: 'start', guideWord: 'Say something', guideQuestions: ['Who is there?'] },
    { id: 'echo', title: 'Echo', type: 'output', text: '{{start.message}}' },
    { id: 'end', title: 'End', type: 'end', output: '{{start.message}}' },
  ],
  edges: [
    { from: 'start', to: 'echo' },
    { from: 'echo', to: 'end' },
  ],
};

/** One that cannot run: it asks for what nobody makes. */
export const brokenWorkflow = {
  ...echoWorkflow,
  nodes: echoWorkflow.nodes.map((node) => (node.id === 'echo' ? { ...node, text: '{{nobody.knows}}' } : node)),
};
