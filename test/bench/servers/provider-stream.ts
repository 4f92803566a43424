interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
}

/** The tokens of one chat completion, its server-sent events parsed by hand: as little as can be done for them. */
export async function* providerStream(baseUrl: string, text: string, signal: AbortSignal): AsyncGenerator<string> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer none' },
    body: JSON.stringify({
      model: 'bench',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: text }],
    }),
    signal,
  });
  if (!response.ok || response.body === null) throw new Error(`the provider answered ${response.status}`);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of response.body) {
    const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (event === 'data: [DONE]') return;
      const chunk = JSON.parse(event.slice('data: '.length)) as Chunk;
      const token = chunk.choices[0]?.delta.content;
      if (token !== undefined && token !== '') yield token;
    }
  }
}
