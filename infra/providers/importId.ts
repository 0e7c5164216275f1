/**
 * An id as `import` takes it. With an account of the provider's own, the id may leave its own out.
 *
 * @param form such as `{accountId}/{applicationId}`. Only a repository's name may have slashes in it.
 * @throws Error that shows the form.
 */
export function fullImportId(form: string, id: string, accountId: string | undefined): string {
  const pattern = new RegExp(`^${form.replaceAll("{repository}", "[^:]+").replaceAll(/\{\w+\}/g, "[^/:]+")}$`);
  if (pattern.test(id)) return id;
  const completed = `${accountId}/${id}`;
  if (accountId !== undefined && form.startsWith("{accountId}/") && pattern.test(completed)) return completed;
  throw new Error(`"${id}" is no id to import. Write it as ${form}.`);
}
