-- What is forgotten is found by an index: old rows by the daily housekeeping, one shopper's rows by their erasure.
-- Older code runs on this schema, it only has more indexes.
-- rollback: safe

CREATE INDEX idx_generations_started ON ui_generations (started_at);
-- Serves the foreign key to personas too: without it each persona that goes costs a scan of all generations.
CREATE INDEX idx_generations_shopper ON ui_generations (shopper_id, persona_hash);
CREATE INDEX idx_shoppers_seen ON shoppers (last_seen_at);
CREATE INDEX idx_personas_created ON personas (created_at);
