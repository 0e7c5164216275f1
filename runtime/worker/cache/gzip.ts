/** Values shorter than this are stored as they are: packing them saves nothing. */
const WORTH_PACKING_BYTES = 1024;

/** UTF-8 text as bytes, packed with gzip when it is over 1 KB. */
export async function pack(text: string): Promise<ArrayBuffer> {
  const bytes = new TextEncoder().encode(text);
  const body = new Response(bytes);
  if (bytes.byteLength <= WORTH_PACKING_BYTES) return body.arrayBuffer();
  return through(body, new CompressionStream("gzip"));
}

/** What `pack` was given. Packed bytes are told by gzip's two first bytes, which no JSON text begins with. */
export async function unpack(bytes: ArrayBuffer): Promise<string> {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  const packed = first === 0x1f && second === 0x8b;
  return new TextDecoder().decode(packed ? await through(new Response(bytes), new DecompressionStream("gzip")) : bytes);
}

function through(body: Response, stream: CompressionStream | DecompressionStream): Promise<ArrayBuffer> {
  return new Response(body.body?.pipeThrough(stream)).arrayBuffer();
}
