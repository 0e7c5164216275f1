import { createServer, type AddressInfo } from "node:net";

/** Ports of 127.0.0.1 that were given away and not given back. */
export class FreePorts {
  readonly #taken = new Set<number>();

  /** A free port that nobody else was given; between here and the process's listen nobody holds it. */
  async take(): Promise<number> {
    for (;;) {
      const port = await freePort();
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      return port;
    }
  }

  giveBack(port: number): void {
    this.#taken.delete(port);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
