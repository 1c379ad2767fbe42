/** Handmade tar archives, including invalid ones. */

export interface TarEntry {
  name: string;
  /** By default a file. */
  type?: string;
  data?: Uint8Array | string;
  /** Another size for the header. */
  size?: number;
  prefix?: string;
  link?: string;
  magic?: string;
  checksum?: number;
}

export function makeTar(entries: readonly TarEntry[], end = new Uint8Array(1024)): Buffer {
  const blocks = entries.flatMap((entry) => {
    const bytes = Buffer.from((entry.data as string | undefined) ?? '');
    return [headerOf(entry, bytes.length), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, end]);
}

/** Records of pax, such as `path=…`. */
export function pax(records: Record<string, string>): TarEntry {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    let length = rest + String(rest).length;
    if (rest + String(length).length > length) length++;
    return `${length} ${key}=${value}\n`;
  });
  return { name: 'PaxHeaders/x', type: 'x', data: lines.join('') };
}

function headerOf(entry: TarEntry, length: number): Buffer {
  const { name, type = '0', size = length, prefix = '', link = '', magic = 'ustar\x0000' } = entry;
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156, 1);
  header.write(link, 157, 100);
  header.write(magic, 257, 8, 'latin1');
  header.write(prefix, 345, 155);
  const sum = entry.checksum ?? header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
