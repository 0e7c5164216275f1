/** What an export reads. Parts that are left out stay where they are. */
export interface DataSource {
  readonly accountId: string;
  /** Ids of KV namespaces, by binding. */
  readonly kvNamespaces: Readonly<Record<string, string>>;
  readonly databaseId?: string;
  readonly bucketName?: string;
}
