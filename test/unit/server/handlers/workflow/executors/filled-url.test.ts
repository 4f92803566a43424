import { describe, expect, test } from 'vitest';
import { filledUrl } from '../../../../../../server/handlers/workflow/executors/filled-url.ts';
import { nodeValues } from '../../../../../../server/handlers/workflow/node-values.ts';

const filled = (url: string, x: unknown) =>
  filledUrl(
    { id: 'ask', url },
    nodeValues(() => ({ x })),
  );

describe('the address of an http node', () => {
  test.each([
    ['https://api.example.com{{a.x}}', '.evil.example/'],
    ['https://api.example.com{{a.x}}', '.evil.example'],
    ['https://api.example.com{{a.x}}', 'pany/steal'],
    ['https://api.example.com{{a.x}}', '@evil.example/'],
    ['https://api.example.com{{a.x}}', ':8080/'],
    ['https://api.example.com{{a.x}}', '\n.evil.example/'],
    ['https://api.example.com{{a.x}}', '\t@evil.example'],
    ['https://api.example.com{{a.x}}?key=1', '.evil.example'],
    ['https://{{a.x}}.example.com/a', 'evil.example/'],
    ['https://{{a.x}}.example.com/a', 'evil.example?'],
    ['https://{{a.x}}.example.com/a', 'evil.example#'],
    ['https://{{a.x}}.example.com/a', 'evil.example\\'],
    ['https://{{a.x}}.example.com/a', 'evil.example/\n'],
    ['HTTPS://{{a.x}}.example.com', 'evil.example:443/'],
    ['https://{{a.x}}:8080/a', 'evil.example/'],
    ['https://eu-{{a.x}}.api.example.com/a', '1.evil.example/?'],
    ['https://{{a.x}}.{{a.x}}.example.com/a', 'evil.example/'],
    ['http://node{{a.x}}/a', '1.evil.example'],
    ['http://node{{a.x}}/a', '1:9000'],
  ])('[NODE-17] %s cannot be made another server by %j', (url, x) => {
    expect(() => filled(url, x)).toThrow(expect.objectContaining({ code: 'TOOL_FAILED' }) as Error);
  });

  test.each([
    ['https://api.example.com{{a.x}}', '/a/b?c#d', 'https://api.example.com/a/b?c#d'],
    ['https://api.example.com{{a.x}}', '?c', 'https://api.example.com?c'],
    ['https://api.example.com{{a.x}}', '', 'https://api.example.com'],
    ['https://api.example.com/{{a.x}}', '@evil.example/..//', 'https://api.example.com/@evil.example/..//'],
    ['https://api.example.com?q={{a.x}}', '.evil.example', 'https://api.example.com?q=.evil.example'],
    ['https://{{a.x}}.example.com/a', 'eu-1', 'https://eu-1.example.com/a'],
    ['https://{{a.x}}.example.com/a', 'eu.west', 'https://eu.west.example.com/a'],
    ['https://{{a.x}}/a', 'other.example', 'https://other.example/a'],
    ['https://api.{{a.x}}/a', 'other.example', 'https://api.other.example/a'],
    ['https://api.example.com:{{a.x}}/a', 8443, 'https://api.example.com:8443/a'],
    ['{{a.x}}/a', 'https://other.example', 'https://other.example/a'],
    ['{{a.x}}', 'https://other.example/a', 'https://other.example/a'],
    ['http://node{{a.x}}/a', 1, 'http://node1/a'],
  ])('[NODE-17] %s is filled with %j', (url, x, whole) => {
    expect(filled(url, x)).toBe(whole);
  });
});
