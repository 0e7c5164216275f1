import { z } from "zod";

/** A host name of two labels or more, lower case (RFC 1123, 2.1); no wildcard, no path, no port. */
export const Hostname = z
  .string()
  .max(253)
  .toLowerCase()
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$/,
    "must be a host name, such as shop.example.com",
  );
