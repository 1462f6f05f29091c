import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  name: string;
  content: string | Buffer | object;
  /** Default: deflate. */
  method?: 'store' | 'deflate' | 'zstd' | number;
  /** Fields with other values than those of the content. */
  declared?: { size?: number; crc?: number; flags?: number; offset?: number; data?: Buffer };
}

const METHODS = { store: 0, deflate: 8, zstd: 93 } as const;

/** Writes a zip archive. For tests. */
export function writeZip(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, method = 'deflate', declared = {} } of entries) {
    const bytes = toBytes(content);
    const code = typeof method === 'number' ? method : METHODS[method];
    const data = declared.data ?? compress(bytes, code);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(declared.flags ?? 0x800, 2);
    fields.writeUInt16LE(code, 4);
    fields.writeUInt32LE(declared.crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(declared.size ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), data]);
    const central = Buffer.alloc(18);
    central.writeUInt32LE(declared.offset ?? offset, 14);
    const version = Buffer.from([20, 0]);
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), version, fields, central.subarray(4), Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

function toBytes(content: string | Buffer | object): Buffer {
  if (Buffer.isBuffer(content)) return content;
  return Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
}

function compress(bytes: Buffer, method: number): Buffer {
  if (method === METHODS.deflate) return deflateRawSync(bytes);
  return method === METHODS.zstd ? writeZstd(bytes) : bytes;
}

/** A Zstandard frame of blocks that are not compressed. @param windowLog from 10 */
export function writeZstd(bytes: Buffer, windowLog = 20): Buffer {
  const parts: Buffer[] = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3])];
  const size = 100_000;
  for (let from = 0; from === 0 || from < bytes.length; from += size) {
    const block = bytes.subarray(from, from + size);
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (from + size >= bytes.length ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}
