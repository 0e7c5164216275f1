import { randomBytes, randomUUID } from "node:crypto";

/** An identifier as Cloudflare gives to accounts, namespaces and Workers: 32 hexadecimal digits. */
export const hexId = (): string => randomBytes(16).toString("hex");

/** An identifier as Cloudflare gives to databases, versions, deployments and container applications. */
export const uuid = (): string => randomUUID();

export const HEX_ID = /^[0-9a-f]{32}$/;
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
