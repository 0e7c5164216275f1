import { acceptsGzip } from "../../../runtime/worker/http/acceptsGzip";

describe("a reader", () => {
  it.each(["gzip", "gzip, deflate, br", "br, GZIP", "br;q=1.0,gzip;q=0.5", "gzip ; q=0.001", "identity, gzip"])(
    "takes gzip who sends Accept-Encoding: %s",
    (header) => expect(acceptsGzip(header)).toBe(true),
  );

  it.each([null, "", "br", "identity", "x-gzip", "gzipped", "*;q=0", "gzip;q=0", "gzip; q=0.000, br", "br, gzip;q=0"])(
    "takes none who sends Accept-Encoding: %s",
    (header) => expect(acceptsGzip(header)).toBe(false),
  );
});
