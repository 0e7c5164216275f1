import type { ReleaseRecord } from "../../../infra/release";

/** A release of minute `minute`, with this version and image. */
export function releaseAt(minute: number, version: string, changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const two = String(minute).padStart(2, "0");
  return {
    version: 1,
    releaseId: `20261121T12${two}00Z-${version}`,
    at: `2026-11-21T12:${two}:00.000Z`,
    stack: "prod",
    worker: { scriptName: "wandstore-prod-storefront", versionId: version },
    generator: { applicationId: "app-1", image: `registry.cloudflare.com/acc/generator@sha256:${version}` },
    schemaLevel: "0001_initial.sql",
    migrationTag: "v1",
    ...changes,
  };
}
