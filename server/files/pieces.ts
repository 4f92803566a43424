/** Bytes that are kept, and held in memory, at once. */
const pieceBytes = 262_144;

/**
 * The same bytes in pieces of one size; only the last is shorter. So the first one shows how a file begins, however the
 * network has cut it.
 */
export async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length < pieceBytes) continue;
    const joined = Buffer.concat(held);
    const whole = length - (length % pieceBytes);
    for (let at = 0; at < whole; at += pieceBytes) yield joined.subarray(at, at + pieceBytes);
    held = [joined.subarray(whole)];
    length -= whole;
  }
  if (length > 0) yield Buffer.concat(held);
}
