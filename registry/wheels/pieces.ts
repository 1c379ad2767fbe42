/** The size of one read. */
const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a stream, piece by piece, in one reused buffer: each piece is valid until the next one is requested. So
 * a wheel of any size leaves no garbage of its size. `wait` receives each read.
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
