-- How many players are in each range of a stat's values, so that a rank among a million players is a sum over a few
-- hundred rows. Why, and what it costs: docs/decisions/001-ranks.md.

CREATE TABLE rank_buckets (
  stat    TEXT    NOT NULL,
  floor   INTEGER NOT NULL,                               -- its lowest value; it ends where the next one begins
  players INTEGER NOT NULL,                               -- rows of stats with a value in it
  PRIMARY KEY (stat, floor)
) WITHOUT ROWID;
CREATE INDEX rank_buckets_large ON rank_buckets (stat, floor) WHERE players > 1000;

-- The lowest bucket begins at -(2^53 - 1), below every value.
INSERT INTO rank_buckets (stat, floor, players) SELECT stat, -9007199254740991, COUNT(*) FROM stats GROUP BY stat;

-- Triggers keep the counts exact for every write. REPLACE deletes without firing them, so it must not be used on stats.
CREATE TRIGGER stats_inserted AFTER INSERT ON stats BEGIN
  INSERT INTO rank_buckets (stat, floor, players)
  VALUES (
    NEW.stat,
    COALESCE((SELECT MAX(floor) FROM rank_buckets WHERE stat = NEW.stat AND floor <= NEW.value), -9007199254740991),
    1
  )
  ON CONFLICT (stat, floor) DO UPDATE SET players = players + 1;
END;

CREATE TRIGGER stats_deleted AFTER DELETE ON stats BEGIN
  UPDATE rank_buckets SET players = players - 1
  WHERE stat = OLD.stat AND floor = (SELECT MAX(floor) FROM rank_buckets WHERE stat = OLD.stat AND floor <= OLD.value);
END;

-- A change within one bucket, which is what most are, writes nothing here.
CREATE TRIGGER stats_updated AFTER UPDATE OF value ON stats
WHEN EXISTS (
  SELECT 1 FROM rank_buckets
  WHERE stat = NEW.stat AND floor > MIN(OLD.value, NEW.value) AND floor <= MAX(OLD.value, NEW.value)
)
BEGIN
  UPDATE rank_buckets SET players = players - 1
  WHERE stat = OLD.stat AND floor = (SELECT MAX(floor) FROM rank_buckets WHERE stat = OLD.stat AND floor <= OLD.value);
  UPDATE rank_buckets SET players = players + 1
  WHERE stat = NEW.stat AND floor = (SELECT MAX(floor) FROM rank_buckets WHERE stat = NEW.stat AND floor <= NEW.value);
END;
