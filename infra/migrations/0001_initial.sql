-- Shoppers, their personas, and what was generated for them. No page and no HTML is kept here.

CREATE TABLE shoppers (
  id TEXT PRIMARY KEY,
  shop_id TEXT NOT NULL,
  session_id TEXT,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  last_seen_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  current_persona_hash TEXT,
  -- Insert order: shopper (null here), persona, then this. A key with a null in it is not checked.
  FOREIGN KEY (id, current_persona_hash) REFERENCES personas (shopper_id, hash)
);

-- Two shoppers may share a hash: it names a way of shopping, not a person.
CREATE TABLE personas (
  shopper_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  type TEXT NOT NULL
    CHECK (type IN ('minimalist', 'explorer', 'collector', 'dealhunter', 'loyalist', 'unknown')),
  confidence REAL NOT NULL CHECK (confidence >= 0 AND confidence <= 1),
  signals TEXT NOT NULL CHECK (json_valid(signals)),
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (shopper_id, hash),
  FOREIGN KEY (shopper_id) REFERENCES shoppers (id)
);

CREATE TABLE ui_generations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  shopper_id TEXT NOT NULL,
  persona_hash TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'completed', 'failed')),
  kv_key TEXT NOT NULL,
  started_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  completed_at DATETIME,
  error_message TEXT,
  FOREIGN KEY (shopper_id, persona_hash) REFERENCES personas (shopper_id, hash)
);

CREATE INDEX idx_shoppers_shop ON shoppers (shop_id);
CREATE INDEX idx_shoppers_persona ON shoppers (current_persona_hash);
CREATE INDEX idx_personas_shopper ON personas (shopper_id);
CREATE INDEX idx_generations_status ON ui_generations (status);
