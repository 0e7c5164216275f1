/**
 * Stands where Pulumi's SDK loads what turns functions into text: npm's installer and the TypeScript compiler, in each test
 * file anew. Nothing here makes dynamic resources (bin/lazy.js); whoever asks for something of them is told.
 */
module.exports = new Proxy(
  {},
  {
    get(_, name) {
      if (name === "__esModule") return true;
      throw new Error(
        `${String(name)} of a package that tests do without was asked for: see moduleNameMapper in jest.config.js`,
      );
    },
  },
);
