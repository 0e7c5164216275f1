/** The browser script of `runtime/client`, bundled and minified; the Worker's bundler puts its text here. */
declare module "wandstore:client" {
  const text: string;
  export default text;
}
