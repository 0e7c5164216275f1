/** Where a gzip stream has its flags, which of them says that there is an extra field, and how long the head is without one. */
export const FLAGS_AT = 3;
const FEXTRA = 4;
const HEAD_BYTES = 10;

/** Whether bytes begin as a gzip stream does, which no JSON text does. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The two bytes that name a subfield, and the two of its length; all lengths are little-endian. */
const SUBFIELD_HEAD_BYTES = 4;
const LONGEST_FIELD = 0xffff;

/**
 * A gzip stream with a subfield in its head (RFC 1952, 2.3.1.1), which everybody who opens the stream passes over. Undefined
 * when the content is too long for one, or the stream has an extra field already.
 * @param name two ASCII letters.
 */
export function withField(stream: Uint8Array, name: string, content: Uint8Array): Uint8Array | undefined {
  const length = SUBFIELD_HEAD_BYTES + content.length;
  const flags = stream[FLAGS_AT] ?? 0;
  if (length > LONGEST_FIELD || (flags & FEXTRA) !== 0) return undefined;
  const whole = new Uint8Array(stream.length + 2 + length);
  const view = new DataView(whole.buffer);
  whole.set(stream.subarray(0, HEAD_BYTES));
  whole[FLAGS_AT] = flags | FEXTRA;
  view.setUint16(HEAD_BYTES, length, true);
  whole[HEAD_BYTES + 2] = name.charCodeAt(0);
  whole[HEAD_BYTES + 3] = name.charCodeAt(1);
  view.setUint16(HEAD_BYTES + 4, content.length, true);
  whole.set(content, HEAD_BYTES + 6);
  whole.set(stream.subarray(HEAD_BYTES), HEAD_BYTES + 6 + content.length);
  return whole;
}

/** The content of a subfield; undefined where the stream has none of that name, or is no gzip. */
export function fieldOf(stream: Uint8Array, name: string): Uint8Array | undefined {
  if (!isGzip(stream) || ((stream[FLAGS_AT] ?? 0) & FEXTRA) === 0 || stream.length < HEAD_BYTES + 2) return undefined;
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const end = Math.min(stream.length, HEAD_BYTES + 2 + view.getUint16(HEAD_BYTES, true));
  for (let at = HEAD_BYTES + 2; at + SUBFIELD_HEAD_BYTES <= end;) {
    const start = at + SUBFIELD_HEAD_BYTES;
    const next = start + view.getUint16(at + 2, true);
    if (next > end) return undefined;
    if (stream[at] === name.charCodeAt(0) && stream[at + 1] === name.charCodeAt(1)) return stream.subarray(start, next);
    at = next;
  }
  return undefined;
}
