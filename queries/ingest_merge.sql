-- ingest_merge: records of one post made one. Lists are united in order of records; each scalar comes from the fullest record that has it;
--   a guessed language makes no record fuller.
-- grain:  one row per (platform, post_id)
-- reads:  staged(every column of post but resolution_s, file_ix)
--         plan(file_ix, source_record, platform, post_id, part, is_foreign, is_shared)
--         input(file_ix, resolution_s)
--         touched(every column of post)
--         hit(platform, post_id, part)
-- params: none

WITH record AS (
  SELECT
    plan.part,
    staged.platform,
    plan.post_id,
    staged.account_id,
    staged.created_at,
    staged.text,
    staged.lang,
    staged.lang_guessed,
    staged.retweet_of,
    staged.retweet_of_account,
    staged.reply_to,
    staged.reply_to_account,
    staged.quote_of,
    staged.quote_of_account,
    staged.urls,
    staged.hashtags,
    staged.mentions,
    staged.media,
    staged.container,
    staged.client,
    staged.like_count,
    staged.retweet_count,
    staged.reply_count,
    staged.view_count,
    staged.permalink,
    staged.collected_at,
    staged.edited_at,
    staged.deleted,
    staged.text_key,
    staged.url_keys,
    staged.domains,
    staged.rule_version,
    input.resolution_s,
    staged.source_file,
    staged.source_record,
    staged.extra,
    staged.file_ix
  FROM staged
  JOIN plan
    ON plan.file_ix = staged.file_ix
    AND plan.source_record = staged.source_record
  JOIN input
    ON input.file_ix = staged.file_ix
  WHERE plan.is_shared
    AND NOT plan.is_foreign
  UNION ALL
  SELECT
    hit.part,
    touched.platform,
    touched.post_id,
    touched.account_id,
    touched.created_at,
    touched.text,
    touched.lang,
    touched.lang_guessed,
    touched.retweet_of,
    touched.retweet_of_account,
    touched.reply_to,
    touched.reply_to_account,
    touched.quote_of,
    touched.quote_of_account,
    touched.urls,
    touched.hashtags,
    touched.mentions,
    touched.media,
    touched.container,
    touched.client,
    touched.like_count,
    touched.retweet_count,
    touched.reply_count,
    touched.view_count,
    touched.permalink,
    touched.collected_at,
    touched.edited_at,
    touched.deleted,
    touched.text_key,
    touched.url_keys,
    touched.domains,
    touched.rule_version,
    touched.resolution_s,
    touched.source_file,
    touched.source_record,
    touched.extra,
    -1 AS file_ix
  FROM touched
  JOIN hit
    ON hit.platform = touched.platform
    AND hit.post_id = touched.post_id
),

counted AS (
  SELECT
    *,
    CASE WHEN created_at IS NULL THEN 0 ELSE 1 END
    + CASE WHEN text IS NULL THEN 0 ELSE 1 END
    + CASE WHEN lang IS NULL OR lang_guessed THEN 0 ELSE 1 END
    + CASE WHEN COALESCE(lang_guessed, TRUE) THEN 0 ELSE 1 END
    + CASE WHEN retweet_of IS NULL THEN 0 ELSE 1 END
    + CASE WHEN retweet_of_account IS NULL THEN 0 ELSE 1 END
    + CASE WHEN reply_to IS NULL THEN 0 ELSE 1 END
    + CASE WHEN reply_to_account IS NULL THEN 0 ELSE 1 END
    + CASE WHEN quote_of IS NULL THEN 0 ELSE 1 END
    + CASE WHEN quote_of_account IS NULL THEN 0 ELSE 1 END
    + CASE WHEN LEN(urls) > 0 THEN 1 ELSE 0 END
    + CASE WHEN LEN(hashtags) > 0 THEN 1 ELSE 0 END
    + CASE WHEN LEN(mentions) > 0 THEN 1 ELSE 0 END
    + CASE WHEN LEN(media) > 0 THEN 1 ELSE 0 END
    + CASE WHEN container IS NULL THEN 0 ELSE 1 END
    + CASE WHEN client IS NULL THEN 0 ELSE 1 END
    + CASE WHEN like_count IS NULL THEN 0 ELSE 1 END
    + CASE WHEN retweet_count IS NULL THEN 0 ELSE 1 END
    + CASE WHEN reply_count IS NULL THEN 0 ELSE 1 END
    + CASE WHEN view_count IS NULL THEN 0 ELSE 1 END
    + CASE WHEN permalink IS NULL THEN 0 ELSE 1 END
    + CASE WHEN collected_at IS NULL THEN 0 ELSE 1 END
    + CASE WHEN edited_at IS NULL THEN 0 ELSE 1 END
    + CASE WHEN deleted IS NULL THEN 0 ELSE 1 END
    + CASE WHEN text_key IS NULL THEN 0 ELSE 1 END
    + CASE WHEN LEN(url_keys) > 0 THEN 1 ELSE 0 END
    + CASE WHEN LEN(domains) > 0 THEN 1 ELSE 0 END
    + CASE WHEN rule_version IS NULL THEN 0 ELSE 1 END AS fullness
  FROM record
),

ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY platform, post_id ORDER BY fullness DESC, file_ix, source_record) AS turn,
    ROW_NUMBER() OVER (PARTITION BY platform, post_id ORDER BY file_ix, source_record) AS place
  FROM counted
),

scalar AS (
  SELECT
    platform,
    post_id,
    MAX(part) AS part,
    ARG_MIN(account_id, turn) AS account_id,
    ARG_MIN(created_at, turn) AS created_at,
    ARG_MIN(text, turn) AS text,
    COALESCE(ARG_MIN(lang, turn) FILTER (WHERE NOT COALESCE(lang_guessed, FALSE)), ARG_MIN(lang, turn)) AS lang,
    CASE
      WHEN COUNT(lang) FILTER (WHERE NOT COALESCE(lang_guessed, FALSE)) = 0 THEN BOOL_OR(lang_guessed)
      ELSE ARG_MIN_NULL(lang_guessed, turn) FILTER (WHERE lang IS NOT NULL AND NOT COALESCE(lang_guessed, FALSE))
    END AS lang_guessed,
    ARG_MIN(retweet_of, turn) AS retweet_of,
    ARG_MIN(retweet_of_account, turn) AS retweet_of_account,
    ARG_MIN(reply_to, turn) AS reply_to,
    ARG_MIN(reply_to_account, turn) AS reply_to_account,
    ARG_MIN(quote_of, turn) AS quote_of,
    ARG_MIN(quote_of_account, turn) AS quote_of_account,
    ARG_MIN(container, turn) AS container,
    ARG_MIN(client, turn) AS client,
    ARG_MIN(like_count, turn) AS like_count,
    ARG_MIN(retweet_count, turn) AS retweet_count,
    ARG_MIN(reply_count, turn) AS reply_count,
    ARG_MIN(view_count, turn) AS view_count,
    ARG_MIN(permalink, turn) AS permalink,
    ARG_MIN(collected_at, turn) AS collected_at,
    ARG_MIN(edited_at, turn) AS edited_at,
    ARG_MIN(deleted, turn) AS deleted,
    ARG_MIN_NULL(text_key, turn) FILTER (WHERE text IS NOT NULL) AS text_key,
    ARG_MIN(rule_version, turn) AS rule_version,
    ARG_MIN(resolution_s, turn) AS resolution_s,
    ARG_MIN(source_file, place) AS source_file,
    ARG_MIN(source_record, place) AS source_record
  FROM ranked
  GROUP BY platform, post_id
),

piece AS (
  SELECT platform, post_id, 'urls' AS field, '' AS name, UNNEST(urls) AS piece, place * 1048576 + GENERATE_SUBSCRIPTS(urls, 1) AS place FROM ranked
  UNION ALL
  SELECT platform, post_id, 'hashtags' AS field, '' AS name, UNNEST(hashtags) AS piece, place * 1048576 + GENERATE_SUBSCRIPTS(hashtags, 1) AS place FROM ranked
  UNION ALL
  SELECT platform, post_id, 'mentions' AS field, '' AS name, UNNEST(mentions) AS piece, place * 1048576 + GENERATE_SUBSCRIPTS(mentions, 1) AS place FROM ranked
  UNION ALL
  SELECT platform, post_id, 'media' AS field, '' AS name, UNNEST(media) AS piece, place * 1048576 + GENERATE_SUBSCRIPTS(media, 1) AS place FROM ranked
  UNION ALL
  SELECT platform, post_id, 'url_keys' AS field, '' AS name, UNNEST(url_keys) AS piece, place * 1048576 + GENERATE_SUBSCRIPTS(url_keys, 1) AS place FROM ranked
  UNION ALL
  SELECT platform, post_id, 'domains' AS field, '' AS name, UNNEST(domains) AS piece, place * 1048576 + GENERATE_SUBSCRIPTS(domains, 1) AS place FROM ranked
  UNION ALL
  SELECT platform, post_id, 'extra' AS field, name, UNNEST(STRING_SPLIT(cell, CHR(31))) AS piece, place
  FROM (SELECT platform, post_id, UNNEST(MAP_KEYS(extra)) AS name, UNNEST(MAP_VALUES(extra)) AS cell, place * 1048576 AS place FROM ranked) AS entry
),

distinct_piece AS (
  SELECT
    platform,
    post_id,
    field,
    name,
    piece,
    MIN(place) AS place
  FROM piece
  GROUP BY platform, post_id, field, name, piece
),

united AS (
  SELECT
    platform,
    post_id,
    LIST(piece ORDER BY place, piece) FILTER (WHERE field = 'urls') AS urls,
    LIST(piece ORDER BY place, piece) FILTER (WHERE field = 'hashtags') AS hashtags,
    LIST(piece ORDER BY place, piece) FILTER (WHERE field = 'mentions') AS mentions,
    LIST(piece ORDER BY place, piece) FILTER (WHERE field = 'media') AS media,
    LIST(piece ORDER BY place, piece) FILTER (WHERE field = 'url_keys') AS url_keys,
    LIST(piece ORDER BY place, piece) FILTER (WHERE field = 'domains') AS domains
  FROM distinct_piece
  GROUP BY platform, post_id
),

named AS (
  SELECT
    platform,
    post_id,
    name,
    STRING_AGG(piece, CHR(31) ORDER BY place, piece) AS cell
  FROM distinct_piece
  WHERE field = 'extra'
  GROUP BY platform, post_id, name
),

extra AS (
  SELECT
    platform,
    post_id,
    MAP(LIST(name ORDER BY name), LIST(cell ORDER BY name)) AS extra
  FROM named
  GROUP BY platform, post_id
)

SELECT
  scalar.platform,
  scalar.post_id,
  scalar.account_id,
  scalar.created_at,
  scalar.text,
  scalar.lang,
  scalar.lang_guessed,
  scalar.retweet_of,
  scalar.retweet_of_account,
  scalar.reply_to,
  scalar.reply_to_account,
  scalar.quote_of,
  scalar.quote_of_account,
  COALESCE(united.urls, []) AS urls,
  COALESCE(united.hashtags, []) AS hashtags,
  COALESCE(united.mentions, []) AS mentions,
  COALESCE(united.media, []) AS media,
  scalar.container,
  scalar.client,
  scalar.like_count,
  scalar.retweet_count,
  scalar.reply_count,
  scalar.view_count,
  scalar.permalink,
  scalar.collected_at,
  scalar.edited_at,
  scalar.deleted,
  scalar.text_key,
  COALESCE(united.url_keys, []) AS url_keys,
  COALESCE(united.domains, []) AS domains,
  scalar.rule_version,
  scalar.resolution_s,
  scalar.source_file,
  scalar.source_record,
  COALESCE(extra.extra, MAP([], [])) AS extra,
  scalar.part
FROM scalar
LEFT JOIN united
  ON united.platform = scalar.platform
  AND united.post_id = scalar.post_id
LEFT JOIN extra
  ON extra.platform = scalar.platform
  AND extra.post_id = scalar.post_id
ORDER BY scalar.created_at, scalar.platform, scalar.post_id
