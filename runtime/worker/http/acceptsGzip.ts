/** `gzip` as a word of its own, and not one that is ruled out by `q=0` (RFC 9110, 12.5.3). */
const GZIP = /(?:^|[\s,])gzip\s*(?:$|,|;(?!\s*q=0(?:\.0{0,3})?\s*(?:$|,)))/i;

/** Whether an `Accept-Encoding` header names gzip, which all browsers' do. Without a header nothing is packed. */
export const acceptsGzip = (header: string | null): boolean => header !== null && GZIP.test(header);
