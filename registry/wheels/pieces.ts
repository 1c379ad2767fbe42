/** What is read at once. */
const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a stream, piece by piece, all in one buffer: each piece is gone when the next is asked for. That
 * way a wheel of any size passes through without leaving garbage of its size. `wait` sees each read.
 */
export async function* piecesOf(
  stream: ReadableStream<Uint8Array>,
  wait = <Value>(read: Promise<Value>): Promise<Value> => read,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader({ mode: 'byob' });
  let buffer = new ArrayBuffer(PIECE_BYTES);
  try {
    for (;;) {
      const { done, value } = await wait(reader.read(new Uint8Array(buffer)));
      if (done) return;
      yield value;
      buffer = value.buffer as ArrayBuffer;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
