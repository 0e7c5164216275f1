export default { fetch: () => new Response("from the backend") };
