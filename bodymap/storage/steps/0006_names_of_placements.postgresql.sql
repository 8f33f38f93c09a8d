-- Whose identifier it is: a placement's, or null: the session's own.
ALTER TABLE session_identifier ADD COLUMN placement TEXT COLLATE "C";

-- What `continues` names is looked for among all placements that there are or were.
CREATE INDEX placement_by_id ON placement (tenant, id);
