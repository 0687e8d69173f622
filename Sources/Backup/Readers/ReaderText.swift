// Written by scripts/generate-backup-reader: change what that is made of, and run it.
// swift-format-ignore-file

/// What every backup folder carries, so that it can be read without this program.
enum ReaderText {
    /// README.txt: what this is, how to check, how to restore.
    static let readme = ####"""
BACKUPS OF AN OSRS-ARCHIVE
==========================

What this is
  This folder holds encrypted backups of an archive of Old School RuneScape hiscores, made with `osrs-archive backup
  create`. Each *.bundle file is one backup. Its name is WRITER-NUMBER-SHA256.bundle: bundles of one writer belong
  together, number by number, and each names the one before. Nothing here is ever changed; new backups are new files.
  *.par2 files hold parity, with which damaged bundles can be repaired.

Who can read it
  Whoever has a secret key that it was made for (a file that `osrs-archive backup keygen` wrote, it holds a line that
  begins with osrs-backup-secret-1-), or the passphrase. Without either nobody can: there is no other way in.

How to check that nothing is damaged (needs no key)
  osrs-archive backup verify --from THIS_FOLDER
  Or without that program, for each bundle: `sha256sum FILE` gives the 64 digits in the file's name.

How to repair what is damaged (needs no key)
  osrs-archive backup repair --from THIS_FOLDER
  Or without that program, with the free program par2: `par2 repair FILE.bundle.par2`. A damaged file is kept with .1
  behind its name.

How to restore
  osrs-archive backup restore --from THIS_FOLDER --to NEW_FOLDER --identity SECRET_KEY_FILE
  With a passphrase: put it into a file, and name that in the environment variable OSRS_BACKUP_PASSWORD_FILE instead of
  giving --identity.
  Whoever can write to this folder can add bundles of his own. If you noted the signer that `backup create` printed, give
  it here, to `verify`, and to restore.py: --signer osrs-backup-signer-1-...

How to restore without osrs-archive
  restore.py in this folder needs Python 3.9 or newer and its package `cryptography` (apt install python3-cryptography,
  or pip install cryptography):
    python3 restore.py --identity SECRET_KEY_FILE --to NEW_FOLDER THIS_FOLDER
    python3 restore.py --password-file FILE --to NEW_FOLDER THIS_FOLDER
  NEW_FOLDER/snapshots then has every snapshot as a JSON file, named by the SHA-256 of its bytes, and
  NEW_FOLDER/records.jsonl every record of the archive, one a line: who was looked up, when, and what came of it.

How to restore when not even that works
  FORMAT.md in this folder describes every byte, exactly enough to write another program from ("Bundles", "Packs").

"""####

    /// FORMAT.md: every byte.
    static let format = ####"""
# The format on disk
The bytes of everything in an archive's folder, format version 1, exact enough to write another reader from.
`scripts/read-archive.py` is one, with `scripts/read-pack.py` for packs and `scripts/unseal-archive.py`, which writes an
encrypted archive as a plain one: they read and verify an archive with nothing but
this page and Python's standard library (to unseal, with the package `cryptography`), and share no code with the program.

"Must" binds what writes; a reader treats a file in which a "must" is broken as damaged, unless said otherwise here.
Numbers in binary structures are unsigned and little-endian. Offsets and sizes are in bytes. `‖` joins bytes.

## The folder
| path | what | needed to read |
|---|---|---|
| `config.json` | which archive this is, and what a program must understand to open it | yes |
| `config.json.copy` | in an encrypted archive, the same bytes as `config.json`, or newer ones: for when that is lost | no |
| `journal` | the newest records of the sequence, and which packs hold those before | yes |
| `packs/3f9ac1….pack` | sealed stretches of the sequence with their documents; each file's name is the SHA-256 of its bytes, 64 lower-case hex digits | those that the journal names |
| `objects/3f/9ac1…` | loose objects: the documents that the journal's records name, one file each | yes |
| `lock` | held by writers with flock(2), exclusive, for the length of a commit. While held it contains the holder's process id in decimal and a line feed, otherwise nothing. Readers take no lock | no |
| `watch/lock` | held by the one `watch` that an archive may have, in the same way. Writers do not look at it | no |
| `temporary/` | files being written. What lies there while nobody holds the lock is left over from a crash and of no account; the next writer replaces it | no |
| `torn/` | ends of journals that a crash left, moved here instead of thrown away: `torn/journal-OFFSET-HASH`, OFFSET in decimal where they stood in the journal, HASH the first 12 hex digits of their SHA-256. Packs that were there and not in the journal, and repeat nothing, come here as well. What lies here is thrown away by a forgetting alone, whosever it is, and a pack once the very same one is in `packs/` | no |
| `backup/` | what the archive keeps of its own backups: `signing.key` signs bundles, `chains.json` says where each chain of them ended, so that the next one need not read any. Losing either begins new chains and loses nothing. `increment-*` is a scratch folder of a backup that runs or was killed, sealed under a key that nobody keeps | no |
| `restore-unfinished` | a restore or a copy is at work here, or was killed. Without `config.json` and its copy the folder is no archive, and the same restore may go on with it or begin anew; with it the archive is whole, and whoever next holds the lock to write removes the file | no |
| `damaged/` | what was damaged, set aside when it was repaired: packs under their names, journals as `journal-HASH`, `config.json` as `config.json-HASH`, loose objects under their ids; with `.1`, `.2` … behind where a name is taken. Only a repair looks here, for what may be sound after all | no |

Files whose names begin with `README` (any case), dot files whose names end in `ignore`, and `lost+found` may lie beside
these. A reader passes over every other name in the folder, and over files in `objects/` that are no object's: they are
worth a note, and no damage.

There are no symbolic links, and no file of the archive is ever changed in place, with two exceptions: `journal` grows at
its end and loses a torn end; `lock`. `config.json` and `journal` may give place to a new file of their name.

## Canonical JSON
Documents, records, the journal's header and `config.json` are JSON in canonical form, RFC 8785 (JCS): UTF-8, no white
space, members sorted by their names' UTF-16 code units, strings with the fewest escapes, numbers in ECMAScript's form.
A text has a canonical form only if
- it is one JSON value by RFC 8259 in valid UTF-8, without a byte order mark;
- no object in it has two members of one name (names compared after unescaping, as code points, not normalised);
- no string holds a lone surrogate;
- arrays and objects are nested at most 512 deep (`[]` is 1 deep, `[[]]` 2);
- each number is finite as an IEEE 754 double;
- each integer literal (no fraction, no exponent) is either exactly a double or spelled as the canonical form of the
  nearest double. So `9007199254740993` is refused, `1152921504606847000` (the canonical text of 2^60) is taken: without
  that, canonical form would not be a fixed point. Numbers with a fraction or an exponent are rounded to the nearest
  double. `-0` becomes `0`.

Values that this format itself writes are text, truth values, and whole numbers from 0 to 2^53, moments from
−62,167,219,200,000 on. A **moment** is whole milliseconds since 1970-01-01T00:00:00.000Z, without leap seconds, in the
years 0000 to 9999: −62,167,219,200,000 to 253,402,300,799,999. An **id** is 64 lower-case hex digits. Members that are
unknown are left out; `null` is written nowhere.

## Ids
| id | what |
|---|---|
| document | SHA-256 of the document's bytes. For a snapshot these are the canonical JSON of what a board served; for a kept body of an invalid answer the bytes as served |
| progress | SHA-256 of the snapshot's canonical JSON with every member named `rank` left out, at any depth |
| record | SHA-256 of the record's canonical JSON |
| archive | 16 random bytes, made when the archive is made, kept by a restore; written as 32 lower-case hex digits |
| head | 32 bytes: head(0) = SHA-256(`osrs-archive/v1 sequence` ‖ 0x00 ‖ archive id), head(n + 1) = SHA-256(head(n) ‖ record id of record n) |

No id hashes compressed bytes.

## config.json
Canonical JSON of an object, then one line feed; at most 65,536 bytes.

| member | type | what |
|---|---|---|
| `archive` | text | the archive id |
| `checksum` | text | SHA-256 of the same object's canonical JSON without this member, 64 hex digits |
| `created_at` | moment | when the archive was made |
| `features` | array of text | what a program must understand to open this archive, sorted. Format 1 alone: `[]`. `packs`: the section "Packs" below. `ranks_only`: observations with that result. Each is there before the first of its kind, and stays. `encrypted`: the section "Encrypted archives"; it is there from the beginning or never |
| `format` | number | 1 |
| `key_slots` ? | array of objects | with `encrypted` alone: 1 to 64 ways to the master key, below |
| `authentication` ? | text | with `encrypted` alone: HMAC-SHA-256 by the configuration key of the object's canonical JSON without this member and `checksum`, 64 hex digits |

A reader checks, in this order: JSON with a checksum that is right; `format` is known; every feature is known; exactly
these members; exactly the canonical bytes and the line feed. A wrong format or feature means a newer program and is no
damage. The last check makes every flipped bit show. Who has the key checks `authentication` as well, in constant time.

A key slot has `id` (32 hex digits), `kind` (`passphrase`, `key_file`, `recovery`), `wrapped` (208 hex digits), and for a
passphrase `n`, `r`, `p` (numbers) and `salt` (64 hex digits): "Sealed files" says what they are.

## The journal
A run of frames from offset 0, at most 2^32 bytes. Each begins at a multiple of 16.

| offset | bytes | what |
|---|---|---|
| 0 | 4 | bits 0 to 30: length n of the payload, 1 to 1,048,576; bit 31: set on the last frame of its batch |
| 4 | 4 | the frame's index in its batch, from 0 |
| 8 | 4 | the frame's number in the file, from 0 |
| 12 | 4 | CRC-32 of bytes 0 to 11 |
| 16 | n | payload |
| 16 + n | 0 to 15 | zeros |
| size − 4 | 4 | CRC-32 of the bytes from 16 to here |

The frame's size is 16 + n + 4 rounded up to a multiple of 16. CRC-32 is that of ISO 3309, zlib and PNG.

Frame 0 is a batch of its own, its payload the header. Frame k (k ≥ 1) carries the record with the number `base` + k − 1
in the sequence. Payloads are canonical JSON and hold no zero byte, so no 16 bytes on the grid of a sound frame are all
zero (but for a checksum that happens to be 0 behind 12 bytes of padding, once in 2^32): this is how a sector that never
reached the disk is known.

A **batch** is what one commit wrote: frames with indices 0, 1, 2 … and consecutive numbers, bit 31 on the last alone. It
counts once its last frame is whole. A reader that meets a batch without its last frame at the end of the file takes
nothing of it.

### The header
| member | type | what |
|---|---|---|
| `archive` | text | the archive id, the same as in `config.json` |
| `base` | number | the number in the sequence of the first record in this file: how many records the packs hold |
| `base_head` | id | the head before that record: head(`base`) |
| `journal` | number | 1, the journal's own format. Another one means a newer program |
| `merged` ? | array of id | names of packs whose contents other packs hold: a writer may remove them. Not empty |
| `packs` ? | array of id | names of the packs that hold the records 0 to `base` − 1, in the order of the sequence. There exactly where `base` > 0; not empty |

Without packs `base` is 0 and `base_head` head(0). The whole frame has the limits of every frame.

### Torn, damaged, unfinished
A reader goes through the frames in order, expecting numbers 0, 1, 2 … Where the next frame is not whole, or is whole
and has another number, or another index in its batch than the frame before leads to (frame 0: index 0, bit 31 set):
1. **The file ends inside the frame** (fewer than 16 bytes are left, or a sound head announces more than there is): the
   end is *torn*. Whatever of its batch came before belongs to it. Nothing was acknowledged; nothing is wrong.
2. **A sector of it was never written.** An all-zero head, or, where the head is sound and the rest is not, 16 zero bytes
   at the start of a 512-byte sector of the file within the frame. If no whole frame further on belongs to a batch that
   began after the expected number (number − index > expected), this too is a torn end: a file system may put the length
   of a file on the disk before its contents, in any order. Otherwise it is damage.
3. **Anything else is damage**, in the newest frame too: head or payload fails its checksum, the padding is not zero, a
   length is out of range, a number is missing or comes again. A whole frame of the expected number with a wrong index is
   lost alone, and reading goes on behind it. Otherwise reading goes on at the next whole frame on the 16-byte grid whose
   number is greater than the expected one, whatever its index. The records between are lost, those before it in the
   same batch count: that later frames were written shows that the batch was. Where no frame follows, one record is
   taken for lost. A reader may stop looking after 64 MiB of payloads that fail their checksum.

A head whose length is out of range counts as failing its checksum. While there is damage the head is unknown, and
nothing is appended.

A writer that finds a torn end first moves it to `torn/`, then cuts the journal back to the end of the last whole batch.

### A header or a `config.json` that is lost
A reader gives up here: without `config.json` nobody knows what a program must understand, and without the header where the
journal's records stand in the sequence. A repair makes either anew where what is left proves it, in this order:
1. *One byte is wrong.* In `config.json` the checksum tells which, and what it was. In the header the CRC-32 does; what comes
   out must be canonical, the archive's, and the only such header, and packs that it names and that are there must go on from
   each other. An encrypted archive's header must open as well.
2. *A header of the packs.* Trailers in `packs/` that carry the archive's id say which packs go on from each other, by number
   and head, from head(0) on. Where several do, as after a killed merge, that tiling is taken which ends at a head that can
   still be read in the damaged header, or where the pack begins that holds records of the journal, one for one: a killed
   seal left it. Otherwise the one that reaches furthest; of these one of packs whose names can still be read, of sound packs, of
   packs in which most is forgotten, of the fewest. For a stretch without a pack a name is taken that no pack has, and the usual
   repair declares its records lost. Frames behind the header are kept as they are from the first whole one on; a journal of which
   none is left gets no records. What is proved by nothing is said: whether a pack is
   missing at the end, whether there were records.
3. *A plain archive's `config.json`* gets the id of the journal's header, or that in the trailers of all packs where one of them
   begins with its head(0); the features `packs` and `ranks_only`, for one too many does no harm; and the time of the repair as
   `created_at`. Who has records of a newer program must repair with that.

There is no way back where no pack and no frame is left but `objects/` holds documents, where `config.json` has the feature
`packs` and there is none, where nothing names the archive, and where sealed frames stand behind a header that does not open, to
whose bytes they are bound. An encrypted archive's `config.json` has its copy.

## Records
Canonical JSON of an object, at most 65,536 bytes. `kind` says which. Free text (display name, error, redirect, source,
agent, run, content type) is cut to at most 2,048 bytes of UTF-8 between characters before it is written. A `player` is
normalised: A to Z lower-case, runs of space, tab, CR, LF, `-`, `_`, U+00A0 and U+FFFD as one `_`, none at either end,
not empty. A `board` is one of `main`, `ironman`, `hardcore_ironman`, `ultimate`, `deadman`, `seasonal`, `tournament`,
`fresh_start`, `skiller`, `skiller_defence`. Members marked ? may be missing, which means unknown or none.

### `"kind":"observation"`: what one attempt saw
| member | type | what |
|---|---|---|
| `board` | board | which one was asked |
| `player` | player | for whom |
| `captured_at` | moment | when the answer arrived |
| `result` | text | `ok`, `ranks_only`, `not_found`, `unavailable`, `throttled`, `invalid` |
| `snapshot`, `progress` | id | the ids of the document that was served; there exactly when `result` is `ok` or `ranks_only` |
| `display_name` ? | text | the name as served, else as asked for |
| `http_status`, `latency_ms`, `attempt` ? | number | status code, milliseconds to the end of the answer, attempt of its run from 1 |
| `error`, `redirect` ? | text | why it failed; where a redirect pointed |
| `source`, `agent`, `run` ? | text | endpoint or tracker; program and version; id of the run |
| `clock` ? | text | `set` where `OSRS_ARCHIVE_NOW` made the time |
| `body` ? | object | `bytes` (number), `id`, `kept` (truth value), `content_type` ? (text): the body of an answer that is no snapshot. Its bytes are kept, as a document, exactly where `kept` is true |
| `provenance` ? | array of text | `derived` (recomputed by a tracker), `imputed` (perhaps carried over by it from an earlier snapshot), `nulled` (negative numbers became null before they were kept), `reclassified` (kept as the body of an invalid answer, and understood later: that observation is there, too); not empty |
| `suspicions` ? | array of text | what the snapshot gave reason to suspect when it was captured: `changed_hands` (no account can change so: the name has another owner than at the snapshot before); not empty |

With the result `ranks_only` a snapshot was served that differs from the one kept before in ranks alone, and its document was
let go: it is *declared absent*. Such a record names no document, whatever its ids: nobody misses one, counts one or finds one
for it, and no reference stands for it. In a pack it is a row without a document: its ids are strings, it has no novelty. The
same document may be kept for another observation. These records come with the feature `ranks_only`.

Two observations are the same where board, player, `captured_at`, `result` and `snapshot` are. A writer adds no second
one, whatever its evidence: the first stays.

### `"kind":"tag"`: a name for a moment
`name` (text, as written 1 to 64 ASCII letters, digits, `.`, `_`, `-`, a letter or digit first), `recorded_at` (moment);
`snapshot` ? (id), without which the name is taken away; `board`, `player`,
`captured_at` all three or none, only beside `snapshot`: where it was seen. The newest record of a name counts.

### `"kind":"rename"`: one history under two names
`from`, `to` (player; a link from a name to itself says nothing), `effective_at`, `recorded_at` (moment), `undone` (truth value): the account that was
called `from` is called `to` from `effective_at` on. Of the records with the same `from`, `to` and `effective_at` the one with
the latest `recorded_at` counts, an undone one where these are equal; undone, the link does not stand. Of links that
stand, at one moment one alone leads from a name and one to a name: the one with the latest `recorded_at`, where these are
equal the first by `effective_at`, `from`, `to`. Whoever is called `from` at `effective_at` or later, or `to` before it, is
another account.

### `"kind":"tombstone"`: history that was removed
`player`; `board` ? and `captured_at` ?, all of them where missing; `count` (number of records that are gone), `reason` (text),
`recorded_at` (moment). They are gaps of packs, marked forgotten.

### `"kind":"loss"`: history that was lost, and declared so by a repair
`player` ?, `board` ?: whose it was, where that is known; `from` ?, `to` ? (moment): the first and the last moment of it,
likewise; `count` (number of records that are gone), `forgotten` ? (number of records that were forgotten, and whose tombstone
was lost with the rest), `reason` (text), `recorded_at` (moment). It comes with the feature `packs`.

Together tombstones declare as many records as the gaps of all packs call forgotten, `forgotten` of losses counted with
them, and losses as many as the gaps call lost. Anything else is damage.

## Loose objects
The document with id 3f9ac1… is the file `objects/3f/9ac1…`: 2 hex digits, then 62, lower case.

| offset | bytes | what |
|---|---|---|
| 0 | 4 | `OSRO` |
| 4 | 1 | 1, the format of this file |
| 5 | 1 | codec: 1 is a zlib stream (RFC 1950, window of 32 KiB at most, no preset dictionary) |
| 6 | 2 | zero |
| 8 | 4 | size of the document, at most 16,777,216 |
| 12 | n | the document in that codec, exactly one stream |
| 12 + n | 4 | CRC-32 of all bytes before |

A file has at most 16,793,664 bytes. A reader checks, in this order: at least 16 bytes; `OSRO`; the checksum; format,
codec and zeros (others mean a newer program); the size's limit, before anything is allocated; one whole stream of exactly
that size and nothing behind it; the SHA-256, which must be the file's name. The compression level is free.

## Packs
A pack holds consecutive records of the sequence and the documents that they name. The packs that the journal names tile
the sequence: the first begins at record 0 and head(0), each goes on at the number and the head where the one before ends,
and the journal at those where the last one ends. A pack is never changed; its name is the SHA-256 of the whole file.

`varint` and `svarint` are those of "Row blocks" below: seven bits a byte, the lowest first; an svarint is a varint of 0, −1,
1, −2 … counted as 0, 1, 2, 3 … A **text** is a varint, its length in bytes, and as many bytes. "Deflated" is one raw
stream by RFC 1951. CRC-32 is that of the journal, little-endian.

| in this order | bytes | what |
|---|---|---|
| head | 8 | `OSRP`, 1 (the format of this file), three zeros |
| blocks | the footer's | observations with their documents |
| sections | the footer's | directory, document templates, record templates, strings, other records, gaps, index, and where flag 1 says so newest observations: each a run of pages |
| footer | the trailer's | deflated |
| trailer | 152 | |

Nothing lies between them: a reader computes every offset from sizes, and they must fill the file.

### Trailer
| offset | bytes | what |
|---|---|---|
| 0 | 4 | `OSRT` |
| 4 | 4 | flags, added: 1 where there is a section of newest observations, 2 where document templates are derived |
| 8 | 4 | bytes of the footer as stored, at most 16,777,216 |
| 12 | 4 | bytes of the footer inflated, at most 16,777,216 |
| 16 | 4 | CRC-32 of the footer as stored |
| 20 | 16 | archive id |
| 36 | 8 | *first*: the number in the sequence of the first record, at most 2^53 |
| 44 | 8 | *count*: how many records there are, those that are gone counted too; 1 to 1,048,576 |
| 52 | 32 | head(first) |
| 84 | 32 | head(first + count) |
| 116 | 32 | sum of ids: all record ids as 256-bit numbers, the highest byte first, added modulo 2^256 |
| 148 | 4 | CRC-32 of the 148 bytes before |

The magic and the checksum come first; then other flags, like another format or other bytes behind it in the head, mean a
newer program. But a head of another format in a file whose SHA-256 is not its name is damage.

### Footer
Inflated, one behind the other, to its last byte:

| what | coding |
|---|---|
| observations in blocks; those with a snapshot; those *new in the archive* (see "Blocks"): each at most the one before | 3 varints |
| blocks, at most 1,048,576; bytes of all blocks | 2 varints |
| of the index: bits of a fingerprint (1 to 32), page bits, Rice bits (each at most those), bits of a block's number (at most 24) | 4 varints |
| for each section, in the order above, with flag 1 the eighth, too: number of pages, and for each page its *items* (index: at most as many as there are observations, all pages together; other sections: at most 4,096), its bytes inflated and its bytes as stored (each at most 16,777,216) | varints |
| for each page of the directory: player and board of its first entry, bytes of the blocks that it lists | 2 texts, varint |

A **page** as stored is its bytes, or their deflated form, then the CRC-32 of what is stored before it. It is not deflated
exactly where stored size = inflated size + 4. Items of a section are numbered through all its pages, from 0.

### Directory
A block holds observations of one player on one board. The items of the directory are the blocks, in the order in which
they lie in the file: by player (bytes of its UTF-8), then board (likewise), then `captured_at` and number of their first
rows. The first block begins at offset 8, each other one where the one before ends. The rows of a block are in the order of
`captured_at`, then number; blocks of one log may overlap in time.

| of each block | coding |
|---|---|
| 1 where player and board follow, 0 where they are those of the entry before in the page | byte |
| player, board, where they follow | 2 texts, each at most 4,096 bytes |
| bytes of the block, 5 to 67,108,864 | varint |
| rows, 1 to 4,096; those with a snapshot; those new in their log; those new in the archive: each at most the one before | 4 varints |
| `captured_at` of the first row, less that of the last row of the entry before in the page (of the first entry: less 0) | svarint |
| `captured_at` of the last row less that of the first, not negative | svarint |
| lowest number of a row less *first*; number of the first row less that lowest; number of the last row less that lowest | 3 varints |

### Templates, strings, other records
- An item of the **document templates**, **record templates** and **strings** is a text. No two in a section are equal.
  A string is what stands between the quotes in canonical JSON, escapes and all.
- With flag 2 a document template may be **derived**: those of two players differ in a name. What the item's text is then made of:

  | what | coding |
  |---|---|
  | 0 where the template is whole and follows; otherwise 1 + the place in the page of an earlier item whose template is whole | varint |
  | of a derived one: how many bytes it begins with as that one does, and how many it ends with as that one does; together at most that one's length | 2 varints |
  | the whole template; of a derived one, which has at most 65,536 bytes, what stands between | the rest |

  This writer sets the flag where there are document templates, and derives one where half of it or more is shared.
- An item of the **other records** is a text: a varint, the record's number less *first*, then the canonical JSON of a record
  that is no observation. They are in the order of their numbers.

### Gaps
Records that are gone, in the order of their numbers. An item is

| what | coding |
|---|---|
| how many records lie between the item before in the page (of the first: *first*) and this one | varint |
| flags: 1 where they were forgotten, clear where they were lost; 2 where an id follows | byte |
| with flag 2: the id of the one record that the item stands for; otherwise how many records it stands for, at least 1 | 32 bytes, or varint |

Every number of the pack is exactly one row's, other record's or gap's. A pack that is written in place of a damaged one keeps
its heads and its sum, whatever is lost. In one that is sealed from a damaged journal, a record that was lost with its id counts
as 32 zero bytes in the heads and is left out of the sum.

### Newest observations
What a list of all logs, newest first, begins with, so that no block is decoded for it. The section is there where flag 1 of the
trailer is set, and has at least one item then, and at most as many as there are observations. Items are observations of blocks,
whole once more, by `captured_at`, then the board's name (its bytes), then number, all descending: the first ones of all that the
pack's blocks hold in that order, with none left out. An item is a text:

| what | coding |
|---|---|
| the record's number less *first* | varint |
| 0 where it is no `ok` one or no `ok` one comes before it in its log in this pack; otherwise 2 where that one, the last before it by `captured_at`, then number, has the same snapshot, 1 where it has another | byte |
| where that is not 0: `captured_at` less that of the one before; number less that of the one before | varint, svarint |
| the record's canonical JSON | the rest |

A reader may take ids from here, though no document is looked at: the page's checksum stands for them, and full verification
computes them anew. Where a page cannot be read, the blocks say the same.

This writer lists one for each 4,096 bytes of blocks, at most 256, 32 a page, and has no such section where that is none.

### Blocks
| what | coding |
|---|---|
| *base*: a record's number less *first*, at most 1,048,576 | varint |
| three lists: numbers of record templates, of document templates (at most 4,096 of each), of strings (at most 1,048,576). Each is a count, then for each number the difference to the one before in the list (the first: to 0); below 2^32 | varint, svarints |
| exceptions: how many (at most 4,096); for each its row and its novelty, 0, 1 or 2 | varint; varint and byte |
| bytes of the table of records, then the table | varint, bytes |
| bytes of the table of documents, 0 where there is none, then the table | varint, bytes |
| raw documents: how many (at most 4,096); for each its size (at most 16,777,216), its bytes as stored, and these: deflated, but where both sizes are equal as it is | varint; varint, varint, bytes |
| CRC-32 of everything before in the block | 4 bytes |

Both tables are row blocks (see below). In the **table of records** a layout's number is a place in the block's list of
record templates. A row is an observation, in the order of `captured_at`, then number; its first column says its number in
the sequence less (*first* + *base*), which may be negative.

In the **table of documents** stands a row for each row of the table of records whose template has a slot 0x02, in that order.
Layout number 0 has the one key 0x01 `raw`, and its number is a place in the list of raw documents; layout number
k + 1 is that of the template at place k of the block's list of document templates, and rendering it with the row's
numbers gives the document. Raw are kept bodies, and snapshots beyond a template's limits.

A row is **new in its log** where no observation of that player and board that is there and has a lower number names its
snapshot, and **new in the archive** where none of any log does. A row's *novelty* is 2 where it is new in the archive, 1 where it is new in
its log only, else 0. Where no exception names a row, its novelty is 0 if it has no snapshot, or if the row before in the
table of documents has the same layout and the same numbers, otherwise 2.

### Record templates
A record template is the canonical JSON of an observation in which one byte stands in place of each value of these kinds:

| byte | in place of |
|---|---|
| 0x00 | a number whose text is the canonical text of a 64-bit signed integer |
| 0x01 | a string that is a value, quotes and all; its number is a place in the block's list of strings |
| 0x02 | a string that is the id of the document which the record names |
| 0x03 | a string that is that document's progress id |

The values of the slots 0x00 and 0x01, in the order of the text, are the row's numbers behind the first one. For 0x02 and
0x03 a reader computes the ids from the document. The document is a snapshot where a slot 0x02 is the value of the record's
own member `snapshot`, otherwise a kept body; a kept body has no progress id. All other text, literals and the names of
members included, stays as it is. A template has at most 65,536 bytes, 4,095 slots 0x00 and 0x01, is nested at most 512
deep, has `captured_at` as a slot 0x00 and `result` as a slot 0x01 of the record itself.

**Column keys**: the first column's is 0x01 `number`. A slot's is the path from the record down to it, joined by 0x00: names of
members as they stand between their quotes, elements of arrays by their index from 0 in decimal. `bytes` in `body` is
`body` 00 `bytes`. No two columns of a layout have one key; all keys of a template have at most 1 MiB together.

### Index
The index finds the blocks that may hold a document. An entry is a **fingerprint**, the first *bits* bits of the document's id,
and the number of a block (from 0, in the order of the file) that names the document, as a snapshot or a kept body. Equal
entries stand once. They are sorted by fingerprint, then block. Two documents may share a fingerprint: only the decoded
block tells.

Page p holds the entries whose fingerprint's highest *page bits* bits are p, so there are 2^(page bits) pages, some without an
item; none at all where no document is named. A page is a run of bits, the lowest of each byte first, filled up with zeros
to a whole byte. For each entry:
1. the fingerprint less that of the entry before in the page (of the first: less p · 2^(bits − page bits)), as a **Rice code**:
   the quotient by 2^(Rice bits) as that many zeros and a one, then the remainder in Rice bits, its lowest first;
2. the block's number in as many bits as the footer says, the lowest first.

This writer takes 20, 24 or 28 bits, the least that are at least 8 more than the entries' count has binary digits; the
least page bits with at most 256 entries a page on average; Rice bits so that bits less these are the count's binary digits,
at least 0; and as many bits for a block's number as the greatest takes. A reader takes any within the limits.

### What a pack proves
A full verification decodes every block, and checks, beyond all checksums: the file's SHA-256 is its name; each row renders
to an observation of its block's player and board, and its numbers are within the pack and each there once; templates render
to canonical JSON; rows are in order, and first, last, lowest numbers, counts and novelties are those of the directory; the
directory's counts add up to the footer's; the index has exactly the entries of the documents; the newest observations, where they
are listed, are the first of all rows in their order, record for record, with what comes before them; and, where every gap has its
id, chaining the ids of all records and gaps from the first head gives the last one, and adding them the sum.

## Templates
A *template* is the text of a canonical JSON document (RFC 8785) in which one zero byte, a *slot*, stands in the place
of each integer that was taken out; the integers, in the order of the text, are the document's *row*. Canonical JSON has
no raw control bytes, so a zero byte is always a slot. **Rendering** replaces each slot with the next number in decimal
(`-` for negative ones, no leading zeros); that is the document, byte for byte.

An encoder takes out every number literal outside strings whose text is the canonical text of a 64-bit signed integer
(`0`, or `-`?, then a digit from 1 to 9, then digits), except the value of a member called `id`. A reader need not know
this: it sees text and slots. A template has at most 4,096 slots and 65,536 bytes, is nested at most 512 deep, and its
column keys have at most 1 MiB together. Documents beyond that are not stored as rows.

**Reduced documents** (for progress ids) leave out every member of one name at any depth, the comma before or after it
with it; the rest of the text is as it was.

### Column keys
Each slot belongs to a *column*, named by its key, a byte string. The path of a slot is the list of components from the
outermost container to the slot; each is a mark and a text:

| mark | text | what |
|---|---|---|
| 0x00 | the member's name, as it stands between its quotes | a member of an object |
| 0x01 | the content of its first member `name` that is a string, as it stands between its quotes | an array element that is an object with such a member |
| 0x02 | its index from 0 in decimal | any other array element |

The key is the text of the last component (without its mark), then mark and text of each component before it, outermost
first. A slot that is the whole document has the empty key. Where several slots of a template have one key, the second
gets 0x03 and `1` appended, the third 0x03 and `2`, and so on, in the order of the text. Example: the rank of Attack in
`{"skills":[{"id":1,"name":"Attack","rank":␀,…` has the key `rank` 00 `skills` 01 `Attack`.

A *layout* is the list of the column keys of a template in slot order. Layouts need not come from templates: record
columns have fixed keys.

## Row blocks

A row block holds up to 256 rows when written (a reader accepts 4,096), each of one layout. Slots of different layouts
with equal keys are one column. **The columns of a block are the distinct keys of all its layouts, in ascending order of
their bytes** (a prefix before what it is a prefix of), numbered from 0.

All integers are 64-bit two's complement; sums, differences and products wrap. `varint`: seven bits a byte, lowest
first, the high bit set on all but the last byte, at most 10 bytes. `svarint`: a varint of the number folded: 0, -1, 1,
-2, … become 0, 1, 2, 3, … `>>` rounds down.

Each column is taken for a sequence of one value a row: where the layout of a row lacks the column, the value stays what
it was; before the first row that has it, it is the first value. So every column has a first value (row 0) and a
difference for each later row (0 where nothing changes).

### Header
| what | coding |
|---|---|
| rows R, at most 4,096 | varint |
| layouts L, at most R; 0 exactly where R is 0 | varint |
| the number of each layout, below 2^31 | L varints |
| where L > 1, the runs of rows: place of the layout in the list, rows (1 or more), until R rows are told | pairs of varints |
| bytes of stream 0, at most 2^20 | varint |
| forms: bit i set where stream i is a raw deflate stream (RFC 1951), clear where it is stored | byte |

What a layout's number means, the section says that holds the block. Below, C is the number of columns and B = (R + 6) div
8, whole bytes for R - 1 bits.

### Streams
One after the other, without lengths: the inflated size of each is known before it is read, and a deflate stream ends by
itself. A stream of size 0 takes no bytes.

| stream | bytes when inflated | what |
|---|---|---|
| 0 | told in the header; 0 where R < 2 | settings of each column |
| – | three varints, not deflated, each at most 2^20, only where a column drifts | sizes of streams 5, 6 and 7 |
| 1 | C | class of each column's first value |
| 2 | R - 1 where a column drifts, else 0 | pace of each row from row 1 |
| 3 | B for each column whose transform is not 0: first those that do not drift, then those that do, each in column order | flags: bit (r - 1), the lowest of a byte first, tells whether something is written for row r; bits from R - 1 on are 0 |
| 4 | as many as flags are set in columns that do not drift | classes of their numbers, column by column |
| 5 | told | classes of numbers in columns that drift |
| 6 | told | quotients with shift 0 |
| 7 | told | quotients with any other shift |
| tails | the rest of the block | bits, lowest of a byte first, lowest of a number first; the last byte is filled up with zeros |

At most 2^20 flags are set. A writer sets none for a number of 0, nor in a column that drifts for a difference of 0, so two
rows of one layout are the same exactly where no column has a difference. All layouts of a block together have at most
16,384 slots. A reader refuses a block whose streams or tails are not used up exactly.

### Numbers: class and tail
| class | number |
|---|---|
| 0 | 0, no tail |
| 1 + 8k + 2m + s, k ≤ 30 | magnitude between 2^k and 2^(k+1) - 1, negative where s = 1. With e = min(k, 2), m < 2^e is the e bits under the top bit and the tail the k - e bits below those |
| 249 + s | the tail is 6 bits of k and then k bits: magnitude 2^k + those bits, negated (wrapping) where s = 1 |

Tails follow each other in the order in which a reader needs them: first values in column order; then the columns that do
not drift, one after the other, each row by row; then those that drift, likewise.

### Settings
A byte for each column, then what it announces, in this order:

| bits | what |
|---|---|
| 0–2 | transform: 0 constant, 1 difference, 2 acceleration, 3 level, 4 drift (then the whole byte is 4, and an svarint follows: the number of its *guide* column less its own) |
| 3 | a divisor follows: varint, 1 to 2^63 - 1 (others count as 1); 1 where absent |
| 4 | a pace follows: svarint; 0 where absent |
| 5 | addends follow: varint count of ranges, for each a varint of columns skipped since the end of the last range (at first since column 0) and a varint of its length less 1 |

Where R < 2 all columns are constant.

### Differences
1. **Columns that do not drift**, in column order. n(r), r from 1 to R - 1, is the number written for row r times the
   divisor, 0 where none is; n(0) = 0.
   difference, constant: d(r) = n(r) · acceleration: d(r) = n(r) + d(r - 1) · level: d(r) = n(r) - n(r - 1). Then for
   every r from 1 (acceleration adds up before this) the pace is added to d(r).
2. **Totals**: to the differences of a column with addends those of all its addends are added, row by row. An addend has
   no addends itself and does not drift. All totals of a block together add up at most 2^22 differences that are not 0,
   each addend counted as one more. Of columns that do not drift there are at most 2^21 differences that are not 0, those
   of totals counted twice, before and after this.
3. **Columns that drift**, in column order, each with a guide that does not drift. State: rate = spread = updates = 0.
   For r from 1 to R - 1 with p the pace of the row (stream 2):
   - *The guide's difference is 0 and updates > 0*: the prediction is (rate · p + 128) >> 8. Where the flag is set, take
     the shift h = number of bits of (spread >> 6), a symbol from stream 6 (h = 0) or 7; symbol 0: the residual is a
     number of stream 5 with its tail; symbol 1 to 40: unfolded, symbol - 1 gives the quotient q, and the residual is q
     · 2^h + h bits of tail; d(r) = prediction + residual. Where it is clear, d(r) = 0. Then with e = d(r) - prediction
     held within ±(8 · (spread >> 4) + 16) and g = 0 where p = 0, else min(256, 8192 div p): rate += (e · g) >> (6 where
     updates = 1, else 7), held within ±2^40; spread += |e| - (spread >> 4), at most 2^36; updates = 2.
   - *Otherwise* d(r) is a number of stream 5 where the flag is set, else 0. If then the guide's difference is 0 and p >
     0: with b = d(r) held within ±2^30, rate = (b · 256) / p rounded towards 0, spread = 4 · |b|, updates = 1.

A row's numbers are, for each slot of its layout, the value of its column: the first value plus all differences up to
that row.

### Example
Keys `rank` and `xp`, layout number 0, rows (1000, 5), (1007, 5), (1007, -70):

```
03 01 00     three rows, one layout, its number 0
02 00        stream 0 has two bytes; all streams are stored
01 01        both columns: difference
4f 13        first values: class 79 is k 9, m 3; class 19 is k 2, m 1: 5, no tail
01 02        flags: rank changes in row 1, xp in row 2
17 32        classes of 7 and -75
e8 05        tails: 1101000 of 1000, 1011 of -75, five zeros
```

## Sealed files
What encrypted archives and backups are made of; no plain archive has one. A sealed file:

| offset | bytes | what |
|---|---|---|
| 0 | 4 | `OSRE` |
| 4 | 1 | version, 1 |
| 5 | 1 | kind: 1 `object`, 2 `pack`, 3 `journal`, 4 `bundle`, 5 `config` |
| 6 | 2 | zero |
| 8 | 16 | file id, random |
| 24 | n | one Cobblestone-256 message; in a journal one for each frame |

A **Cobblestone-256** message is C2SP's chunked-encryption v1 (https://c2sp.org/chunked-encryption) with SHA-512 and
AES-256-GCM: 24 bytes of random salt, 32 bytes of commitment, chunks of 16,384 bytes with a tag of 16 each, the last one
shorter, possibly without a byte. `key ‖ base nonce ‖ commitment` (32, 12 and 32 bytes) = HKDF-Expand-SHA-512 of the sealing
key with info `c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM`, a zero byte, salt, context. Chunk k lies at 56 + 16,400 k of
the message; its nonce is the base nonce XOR k as 12 bytes, the highest first. A reader checks the commitment first, gives
out no byte before its tag, and refuses a message whose last chunk is not shorter than the others.

### Encrypted archives
An archive with the feature `encrypted` has the same contents as a plain one, with the same ids and heads:
- A **loose object** is a sealed file of kind 1; what is sealed in it is a loose object as above. Its name is
  HMAC-SHA-256, by the naming key, of the document's id.
- A **pack** is a sealed file of kind 2 with a pack in it. Its name is the SHA-256 of the stored bytes, so names can be checked
  without a key; the journal names packs so.
- The **journal** is 24 bytes of a sealed file's header, of kind 3, and 8 zeros; then frames as above, on the same grid, whose
  offsets and sectors count from the beginning of the file. Each payload is a message of its own. Heads of frames (length, index,
  number) lie in the clear. A frame whose message does not open is damaged alone; as the message after a damaged frame is
  bound to its bytes, that one is lost with it. Appending never goes on with a message, so no nonce comes twice.
- `torn/` and `damaged/` hold stored bytes. `backup/chains.json` is a sealed file of kind 5, with one more field in its context,
  `chains.json`; there is no `backup/signing.key`, for the signing key follows from the master key.
- `lock`, `watch/lock` and `config.json` lie in the clear. An unfinished copy has its coming `config.json` in
  `restore-unfinished`, behind the first line.

What can be seen without a key: the archive's id, when it was made, its key slots, how many packs, loose objects and frames
there are, how large, when they were written.

The **context** is a row of fields, each behind its length in four bytes: `osrs-archive/v1`; the archive's id, 16 bytes; the
kind's name; the file id; then for a loose object its name (32 bytes), for a journal's frame its number (8 bytes) and the
SHA-256 of the stored bytes of the frame before (of the file's 24 bytes for the first).

**Keys.** The master key is 32 random bytes. HKDF-Expand-SHA-256 of it gives 32 bytes each, with info
`osrs-archive/v1 sealing` (files), `osrs-archive/v1 naming` (HMAC-SHA-256 of an id is the name of its loose object),
`osrs-archive/v1 configuration` (HMAC-SHA-256 over `config.json`) and `osrs-archive/v1 signing` (seed of an Ed25519 key).

A **key slot** has an id (16 random bytes), a kind (`passphrase`, `key_file` or `recovery`), for a passphrase scrypt's N, r, p
and a salt of 32 bytes, and the master key as a Cobblestone-256 message of 104 bytes. The message's key is scrypt of the
passphrase, or the 32 bytes of key file or recovery code. Its context has the fields `osrs-archive/v1`, archive id, `config`,
slot id, `key slot`, the kind's name, and for a passphrase N, r and p (8 bytes each) and the salt. A reader refuses N over
2^20, r or p over 16, N × r over 2^23 and N × r × p over 2^24.

A **recovery code** is 14 groups of five characters of `0123456789ABCDEFGHJKMNPQRSTVWXYZ`, with `-` between; five bits each,
the highest first. Four of each group are data: the 32 bytes of the key, then the first three of SHA-256 of
`osrs-archive/v1 recovery ‖ key`. The fifth is, in GF(32) with x^5 + x^2 + 1, 2 a + 4 b + 8 c + 16 d + g, g being the group's
number from 0 and all numbers elements by their bits. I and L are read as 1, O as 0.

## Bundles
What `osrs-archive backup create` writes: one file of what a backup folder lacks of an archive, which plain archives have as
well as encrypted ones. `restore.py`, which every backup folder carries, is a reader of it. A bundle is never changed. Its
name is `WRITER-NUMBER-SHA256.bundle`: 16 hex digits, random for each chain; the number in the chain, from 1, in six digits
or more; the SHA-256 of the file. Files whose names begin with `.partial-` are being written, or were never finished, and do
not count. `NAME.bundle.par2` and `NAME.bundle.vol*.par2` are parity of the bundle in the format of par2 (Parity Volume Set
Specification 2.0).

| offset | bytes | what |
|---|---|---|
| 0 | 24 | the header of a sealed file of kind 4 |
| 24 | 4 | H, at most 65,536 |
| 28 | H | the bundle's header, canonical JSON |
| 28 + H | to the signature | the payload, one Cobblestone-256 message |
| size − 64 | 64 | Ed25519 signature of `osrs-archive/v1 bundle` ‖ 0x00 ‖ SHA-256 of all bytes before the signature |

| member of the header | type | what |
|---|---|---|
| `archive` | text | the archive's id |
| `created_at` | moment | when the bundle was made |
| `format` | number | 1. Another one means a newer program |
| `full` | truth value | whether it begins at record 0, so that no bundle before it is needed |
| `number`, `writer` | number, text | those of the name |
| `parity_percent` | number | how much parity was to be written beside it, 0 to 100 |
| `previous` ? | id | the SHA-256 of the bundle with the number before; missing in number 1 alone |
| `recipients` | array of objects | 1 to 64 ways to the bundle's key; a reader passes over kinds that it does not know |
| `signer` | text | the Ed25519 public key that signed, 64 hex digits |

The **bundle key** is 32 random bytes, the sealing key of the message. The message's context has the fields of "Sealed files"
with the kind `bundle`, and one more: the SHA-256 of the first 28 + H bytes of the file. Each recipient has `kind`, `id` (16 hex
digits) and `wrapped`: the bundle key under a wrapping key, as hex of 60 bytes: a random nonce of 12, then AES-256-GCM of the
32 bytes with its tag of 16, with the additional data `osrs-archive/v1 backup key` ‖ 0x00 ‖ archive id ‖ file id.
- `x25519`: `id` is the beginning of the SHA-256 of the recipient's public key; `ephemeral` is a public key made for this
  bundle and recipient. The wrapping key is HKDF-SHA-256 with the shared secret of RFC 7748, salt `ephemeral` ‖ recipient's
  public key, info `osrs-archive/v1 backup X25519`. A shared secret of zeros is refused.
- `passphrase`: the wrapping key is scrypt of the passphrase with `n`, `r`, `p` and `salt` (32 bytes as hex), which are the same
  in all bundles of a chain and have the caps of key slots; `id` is the beginning of the salt's SHA-256.

The **payload** is packs ("Packs"), one behind the other, then the manifest, then its length in 4 bytes. The packs tile a
stretch of the sequence. The manifest is canonical JSON of at most 16,777,216 bytes:

| member | type | what |
|---|---|---|
| `archive_created_at` | moment | when the archive was made |
| `features` | array of text | those of the archive's `config.json`, sorted |
| `first`, `records` | number | the number of the first record, and how many there are |
| `head_before`, `head_after` | id | head(`first`) and head(`first` + `records`) |
| `packs` | array of objects | `bytes` (in the payload), `id` (SHA-256 of the pack), `records` and `inflated` ? of each, in order. With `inflated`, at most 4,194,304, the pack is that long and lies in the payload as raw deflate (RFC 1951) |
| `observations`, `snapshots` | number | observations in it, and snapshots that none before names |
| `from` ?, `to` ? | moment | the first and the last `captured_at` in it |

A **chain** is the bundles of one writer: every number from 1, each naming the one before, of one archive, signed by one key,
each beginning where the one before ends unless it is full. An archive is restored from the last bundle wanted and those that
it goes on from, by `previous`, back to a full one. Two copies of an archive that write at once can make two bundles of one number:
each is sound, and what goes on from the other is another history. What a tombstone in them declares is forgotten again: of the
records before the tombstone those that it stands for become gaps (which counts, too, for tags, renames and losses that named
them), so heads and sums stay what they were. A tombstone in a bundle that is not restored, one that follows in the chain or one
of another chain of the archive that was made later, means all records that are restored, unless the same one stands under its
number among them.

**Keys as texts**: `osrs-backup-secret-1-` (X25519), `osrs-backup-public-1-`, `osrs-backup-signing-1-` (seed of an Ed25519 key) or
`osrs-backup-signer-1-`, 64 hex digits, `-`, and the first 4 bytes of the SHA-256 of everything before that dash as 8 hex digits. In
files they stand one a line; empty lines and those that begin with `#` are passed over.

## Writing
An archive is **made** so: `lock` is taken; folders `objects` and `temporary`; the journal with its header, then
`config.json`, each written as `temporary/NAME`, fsync, rename into place, fsync of the archive's folder. `config.json`
comes last: a folder without it in which only `lock`, `journal` (header alone), `objects` and `temporary` lie is a
creation that was killed, and may be taken over.

A **commit** of a batch, under the lock:
1. the journal is read anew; with damage in it nothing is written;
2. a torn end goes to `torn/`: `temporary/torn` written, fsync, rename, fsync of `torn` and of the archive's folder, the
   journal truncated and fsync'd;
3. each document that is not there yet (a file of that name is decoded before it counts) as `temporary/ID`, fsync, read
   back and decoded, rename into place; then fsync of every folder `objects/XX` that changed, and of `objects`;
4. all frames of the batch in one write at the journal's end, fsync. **This is the commit point**;
5. the lock is released.

A writer whose fsync failed stops for good: nobody knows what lies on the medium. After any other failed append it cuts the
journal back. A record is never written before its documents are durable, so a document that no record names is a
remainder, and a record without its document is damage.

A **pack** is written, under the lock, as `temporary/pack`, fsync, read back and proved ("What a pack proves"), rename into
`packs/`, fsync of `packs`. Before the first one `packs` is made and `config.json` gets its feature, as a new file by way
of `temporary/` like every file that gives place to another.

**Sealing** moves records from the journal into packs, under the lock:
1. as steps 1 and 2 of a commit; then what an earlier writer left is tidied: files in `packs/` that the journal does not name
   are removed where `merged` has them, or where they are sound and begin and end, by number and head, where packs begin
   and end that it names; they stay until step 4 where they begin where the journal does, by number and head, and end where
   one of its records does (a seal that was killed before its commit point); other sound ones go to `torn/`, damaged ones to
   `damaged/`. What neither begins as a pack (`OSRP`) nor ends as one (`OSRT`) is none, and is left alone;
2. a pack of all the journal's records with their documents;
3. a new journal without records, whose header names all packs, `base` and `base_head` those after the last one, in place of
   the old one: `temporary/journal`, fsync, rename, fsync of the archive's folder. **The rename is the commit point**. Its
   `merged` names the packs of a killed seal;
4. those are removed, and loose objects that no record of the journal names.

An import of many records seals first, and then adds a pack of its own by steps 2 and 3 once more. A batch of 64 new records or
more is committed by sealing: its records go behind the journal's into the pack of step 2.

**Merging** makes one pack of packs that follow one another; their rows, gaps and other records are in it with their
numbers. It is in place before a new journal names it instead of them, and them in `merged`; only then are they removed.
A writer killed anywhere leaves either the old journal or the new one, and all that it names. This writer merges so that
a pack has at least twice the records of all newer ones together, and packs of at most 4,096 records together become one.

**Forgetting** seals first, then writes each pack that holds some of it anew: its rows and other records become gaps with their
ids, so that heads and sums stay what they were, nothing that only they named stays in a table of texts, and rows that
are now the first to name a snapshot get that novelty. A new journal names the new packs, and the old ones in `merged`,
and holds a tombstone. All that lies in `torn/` and `temporary/` is removed, other players' leftovers included: it cannot be
told whose they are. **Repairing** does the same with what cannot be read: it becomes gaps marked lost, with their ids or
without, and the new journal holds losses; a damaged pack goes to `damaged/` and is not removed. Before that, under the lock, a lost
`config.json`, then a lost header is made anew: a copy of the damaged file in `damaged/`, fsync of it and of the folders, then the
new file by way of `temporary/`.

Readers take no lock. They read `config.json`, then the whole journal, then open every pack that it names, before they use
anything. Where a pack is missing, they read the journal again: with another header they begin anew (a merge replaced
the pack), with the same one it is missing indeed. A document that a record of the journal names is a loose object; where
that is missing, the same holds: it may have been sealed. An open file stays readable after its name is gone.

## What a reader must check
Every length before it allocates, every offset before it reads. Every checksum and id on every read. What does not hash
to its id is never handed on. *Corrupt* (bytes are not what was written), *missing* (a file that must be there is not)
and *I/O* (the medium did not answer) are three errors. A record that passes its frame's checksum and is no record by this
page is damage. A full verification further checks that each snapshot is canonical JSON and that its progress id is the
one in its records, and of each pack what "What a pack proves" says.

A damaged page or block of a pack costs what is in it, and what needs that: a block costs its rows, a page of the index or of
the newest observations nothing that other pages do not tell, one of the directory the blocks that it lists, one of the
templates or strings every row that uses it (of a small pack all), the footer or the trailer the pack. A document out of a pack is checked against its id where it is read by its id, and by the record's id where it is
read for a record; both follow from the same bytes. While a pack cannot be read, what its neighbours hold stays readable;
the head is that of the journal.

## Exported lines
`osrs-archive export --format jsonl` writes, and `import` reads, one JSON object a line, UTF-8, ended by a line feed: one
observation with its document, where it has one. Lines are no part of the folder; they are its contents for other programs.

A line that another program writes needs `player`, `board`, `captured_at` (RFC 3339) and either `body` (the JSON answer) or
`csv` (an `index_lite.ws` text). A line that `export` writes has every member, `null` where unknown, in this order:
`schema` (1), `player`, `display_name`, `board`, `captured_at`, `result`, `snapshot`, `progress`, `http_status`,
`latency_ms`, `attempt`, `error`, `redirect`, `source`, `agent`, `run`, `clock`, `provenance`, `suspicions`, `answer` (`content_type`,
`bytes`, `id`, `kept`: a record's `body`), `body_base64`, `body`. `body` is the snapshot's canonical JSON byte for byte,
`body_base64` the kept bytes of an answer that is no snapshot (RFC 4648, section 4). An id that a line gives must be that
of what it carries. A line with `"result":"ranks_only"` has both ids and carries no document.

## Versions and features
- A program refuses a `format`, a `journal` format, an object format or codec, a pack's format or flags, and a feature that it
  does not know, and says that a newer program wrote it. It never guesses.
- A reader passes over members of a record that it does not know; they count in the record's id. So a record may gain
  optional members within format 1.
- Everything that an older reader would take for damage or would read wrongly comes with a new feature in `config.json`,
  or a new format: a new kind of record, board or result, a member that changes what others mean, a member of
  `config.json`, another place of documents. The feature `ranks_only` came so, for a result; and `packs`: a `base` above 0,
  `packs/`, and the two members of the journal's header. Another form of packs takes another format in their head, and
  another feature; a part that they may have takes a flag in the trailer, and so did the newest observations. Packs
  without it stay as they are.
- Every format that ever landed stays readable.

## What cannot be seen from inside
- **A cut exactly at the end of a batch.** A journal that lost its newest whole batches is a sound, shorter archive.
- **Zeros in the newest batch.** Where a medium loses whole sectors of it after the fsync, that looks like rule 2 above.
- **A forgery.** Checksums and heads are not keyed: who can write to the folder can write another consistent history.
- **A whole folder put back** from an older copy.

An outside witness shows each of them: the head (32 bytes, printed by `osrs-archive stats` and `osrs-archive verify`) noted
elsewhere and given back to `osrs-archive verify --expect HEAD`, or a backup. The head commits to every record in order
and, through the ids in them, to every document.

"""####

    /// restore.py: a decoder in one file.
    static let restore = ####"""
#!/usr/bin/env python3
"""Restores all snapshots and records from backups of osrs-archive, with nothing but Python, its package `cryptography`
and a key:

    python3 restore.py [--identity FILE | --password-file FILE] --to OUT BUNDLE...

OUT/snapshots/ID.json has each snapshot's canonical bytes, OUT/records.jsonl every record in its order, a line each: the
SHA-256 of a line without its end is the record's id. OUT/bodies has answers of the service that were no snapshots. A
folder may be named instead of bundles. FORMAT.md beside this file describes every byte.
"""

import argparse
import glob
import hashlib
import hmac
import json
import math
import os
import re
import sys
import tempfile
import zlib


# Canonical JSON (docs/FORMAT.md, "Canonical JSON").

DEPTH_LIMIT = 512


class Damage(Exception):
    """Bytes are not what was written."""


class Unsupported(Exception):
    """A newer program wrote this."""


def number_text(value):
    """The ECMAScript form of a double (RFC 8785, section 3.2.2.3)."""
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = int(exponent or 0) + len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        text = digits + "0" * (point - count)
    elif 0 < point <= 21:
        text = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if count > 1 else "") + "e%+d" % (point - 1)
    return "-" + text if value < 0 else text


def integer_literal(text):
    value = float(text)
    if value in (float("inf"), float("-inf")) or (int(text) != int(value) and number_text(value) != text):
        raise ValueError("an integer that a double does not hold exactly")
    return value


def decimal_literal(text):
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number too large for a double")
    return value


def no_constant(text):
    raise ValueError("not JSON: " + text)


def members(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("two members of one name")
    return dict(pairs)


def parse(data):
    """The value of a JSON text; ValueError for anything that has no canonical form."""
    return json.loads(
        data.decode("utf-8"), object_pairs_hook=members, parse_int=integer_literal, parse_float=decimal_literal,
        parse_constant=no_constant)


def canonical(value, without=None):
    """The canonical bytes of a value (RFC 8785), every member named `without` left out at any depth."""
    parts = []

    def write(value, depth):
        if isinstance(value, (dict, list)) and depth >= DEPTH_LIMIT:
            raise ValueError("nested too deeply")
        if isinstance(value, dict):
            names = sorted((name for name in value if name != without), key=lambda name: name.encode("utf-16-be"))
            parts.append("{")
            for index, name in enumerate(names):
                parts.append(("," if index else "") + json.dumps(name, ensure_ascii=False) + ":")
                write(value[name], depth + 1)
            parts.append("}")
        elif isinstance(value, list):
            parts.append("[")
            for index, element in enumerate(value):
                parts.append("," if index else "")
                write(element, depth + 1)
            parts.append("]")
        elif isinstance(value, str):
            parts.append(json.dumps(value, ensure_ascii=False))
        elif isinstance(value, float):
            parts.append(number_text(value))
        else:
            parts.append({True: "true", False: "false", None: "null"}[value])

    write(value, 0)
    return "".join(parts).encode("utf-8")


def parse_canonical(data, what):
    try:
        value = parse(data)
        if canonical(value) != data:
            raise ValueError("not in canonical form")
    except (ValueError, RecursionError) as error:
        raise Damage(f"{what}: {error}") from None
    return value


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# Templates and row blocks (docs/FORMAT.md, "Templates" and "Row blocks").

MASK = (1 << 64) - 1
ROW_LIMIT, SLOT_LIMIT, LAYOUTS_LIMIT, TEXT_LIMIT, DEPTH_LIMIT = 4096, 4096, 16_384, 65_536, 512
CHANGE_LIMIT, SUM_LIMIT, SETTINGS_LIMIT, KEY_LIMIT = 1 << 20, 1 << 22, 1 << 20, 1 << 20


def signed(number):
    """A 64-bit pattern as a signed number: sums and products wrap."""
    number &= MASK
    return number - (1 << 64) if number >> 63 else number


def unfolded(number):
    """0, 1, 2, 3 … as 0, -1, 1, -2 …"""
    return number >> 1 if number & 1 == 0 else -(number + 1 >> 1)


class Reader:
    """Numbers and stretches one after the other."""

    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    def rest(self):
        return len(self.data) - self.at

    def take(self, count):
        if count > self.rest():
            raise Damage("it ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self):
        return self.take(1)[0]

    def varint(self, limit=MASK):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
            if shift >= 70:
                raise Damage("a number has no end")
        if value > limit:
            raise Damage("a number is over its limit")
        return value

    def svarint(self):
        return unfolded(self.varint())

    def text(self, limit=MASK):
        return self.take(self.varint(min(limit, self.rest())))

    def end(self):
        if self.rest():
            raise Damage("bytes behind the end")


class Bits:
    """Bits one after the other, the lowest of a byte first; zeros behind the last one."""

    def __init__(self, data):
        self.data, self.value, self.at = data, int.from_bytes(data, "little"), 0

    def read(self, count):
        number = self.value >> self.at & ((1 << count) - 1)
        self.at += count
        return number

    def end(self):
        if (self.at + 7) // 8 != len(self.data) or self.value >> self.at:
            raise Damage("bits behind the end, or too few")


def inflate(data, size):
    """The document of a raw deflate stream that is `size` bytes long inflated, and what follows the stream."""
    inflater = zlib.decompressobj(-15)
    try:
        out = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise Damage(str(error)) from None
    if len(out) != size or not inflater.eof:
        raise Damage("a deflate stream has another length")
    return out, inflater.unused_data


# Templates


def render(text, numbers):
    """The document: each zero byte of the template's text replaced by the next number."""
    pieces = text.split(b"\0")
    if len(pieces) != len(numbers) + 1:
        raise Damage("a row does not have as many numbers as its template has slots")
    out = [pieces[0]]
    for number, piece in zip(numbers, pieces[1:]):
        out += [b"%d" % number, piece]
    return b"".join(out)


def string_end(text, start):
    """Where the string that begins at `start` ends, behind its quote."""
    at = start + 1
    while at < len(text) and text[at] != 0x22:
        at += 2 if text[at] == 0x5C else 1
    if at >= len(text):
        raise Damage("a template has a string without end")
    return at + 1


class TemplateScanner:
    """Walks the structure of a template's text. `slot(frame, step)` is told of each slot, `step` the mark and the text of
    its last component, None where it is the whole document."""

    def __init__(self, text):
        self.text, self.at, self.names = text, 0, {}

    def columns(self):
        """The path of the container and the last component's text of each slot, in the order of the text."""
        found = []
        self.value(b"", None, 0, found)
        if self.at != len(self.text):
            raise Damage("a template goes on behind its end")
        return found

    def value(self, path, component, depth, found):
        first = self.text[self.at:self.at + 1]
        if first == b"\0":
            self.at += 1
            found.append((path, component[1] if component else b""))
        elif first == b"{" or first == b"[":
            if depth == DEPTH_LIMIT:
                raise Damage("a template is nested too deeply")
            if component is not None:
                mark, text = component
                name = self.name_of(self.at) if mark == b"\2" and first == b"{" else None
                path += mark + text if name is None else b"\1" + name
            self.container(first == b"{", path, depth + 1, found)
        elif first == b'"':
            self.at = string_end(self.text, self.at)
        else:
            start = self.at
            while self.at < len(self.text) and self.text[self.at] not in b',]}':
                self.at += 1
            if start == self.at:
                raise Damage("a template is no JSON")

    def container(self, is_object, path, depth, found):
        closing = b"}" if is_object else b"]"
        self.at += 1
        index = 0
        while self.text[self.at:self.at + 1] != closing or index:
            component = b"\2", b"%d" % index
            if is_object:
                component = b"\0", self.member()
            self.value(path, component, depth, found)
            index += 1
            separator = self.text[self.at:self.at + 1]
            if separator == closing:
                break
            if separator != b",":
                raise Damage("a template is no JSON")
            self.at += 1
        self.at += 1

    def member(self):
        start = self.at
        if self.text[start:start + 1] != b'"':
            raise Damage("a template is no JSON")
        self.at = string_end(self.text, start) + 1
        if self.text[self.at - 1:self.at] != b":":
            raise Damage("a template is no JSON")
        return self.text[start + 1:self.at - 2]

    def name_of(self, start):
        """The content of the first string member `name` of the object that begins at `start`."""
        inner = TemplateScanner(self.text)
        inner.at = start + 1
        while inner.text[inner.at:inner.at + 1] == b'"':
            member = inner.member()
            begin = inner.at
            if member == b"name" and inner.text[begin:begin + 1] == b'"':
                return inner.text[begin + 1:string_end(inner.text, begin) - 1]
            inner.skip()
            if inner.text[inner.at:inner.at + 1] != b",":
                return None
            inner.at += 1
        return None

    def skip(self):
        """Passes a value."""
        depth = 0
        while self.at < len(self.text):
            byte = self.text[self.at]
            if byte == 0x22:
                self.at = string_end(self.text, self.at)
                continue
            if byte in b"{[":
                depth += 1
            elif byte in b"}]":
                if depth == 0:
                    return
                depth -= 1
            elif byte == 0x2C and depth == 0:
                return
            self.at += 1


def column_keys(text):
    """The column key of each slot of a document template."""
    if len(text) > TEXT_LIMIT:
        raise Damage("a template is too long")
    seen, keys = {}, []
    for path, component in TemplateScanner(text).columns():
        key = component + path
        ordinal = seen[key] = seen.get(key, -1) + 1
        keys.append(key + b"\3%d" % ordinal if ordinal else key)
    if len(keys) > SLOT_LIMIT or sum(map(len, keys)) > KEY_LIMIT:
        raise Damage("a template has too many slots")
    return keys


# Row blocks


def number(symbol, tails):
    """The number of a class and its tail."""
    if symbol == 0:
        return 0
    if symbol < 249:
        k, top, sign = (symbol - 1) >> 3, (symbol - 1) >> 1 & 3, (symbol - 1) & 1
        e = min(k, 2)
        if top >> e:
            raise Damage("unknown class")
        magnitude = (1 << e | top) << (k - e) | tails.read(k - e)
    elif symbol < 251:
        sign, k = symbol - 249, tails.read(6)
        magnitude = 1 << k | tails.read(k)
    else:
        raise Damage("unknown class")
    return signed(-magnitude if sign else magnitude)


def read_header(reader):
    """(rows, layout numbers, [(place of the layout, rows)])"""
    rows = reader.varint(ROW_LIMIT)
    layouts = [reader.varint((1 << 31) - 1) for _ in range(reader.varint(rows))]
    if (rows == 0) != (not layouts):
        raise Damage("rows without a layout")
    runs, rest = ([(0, rows)], 0) if len(layouts) == 1 else ([], rows)
    while rest > 0:
        layout, count = reader.varint(len(layouts) - 1), reader.varint(rest)
        if count == 0:
            raise Damage("a run of no rows")
        runs.append((layout, count))
        rest -= count
    return rows, layouts, runs


def layout_numbers(block):
    """The layout numbers that a block names."""
    return read_header(Reader(block))[1]


def read_settings(data, rows, columns):
    reader, settings = Reader(data), []
    for column in range(columns if rows > 1 else 0):
        head = reader.byte()
        setting = {"transform": head & 7, "divisor": 1, "pace": 0, "addends": [], "guide": None}
        if head >= 64 or head & 7 > 4 or (head & 7 == 4 and head != 4):
            raise Damage("unknown settings")
        if head == 4:
            setting["guide"] = column + reader.svarint()
            if not 0 <= setting["guide"] < columns:
                raise Damage("a guide beyond the columns")
        if head & 8:
            setting["divisor"] = max(1, signed(reader.varint()))
        if head & 16:
            setting["pace"] = reader.svarint()
        if head & 32:
            end = 0
            for _ in range(reader.varint(columns)):
                start = end + reader.varint(columns - end)
                end = start + 1 + reader.varint(columns)
                if end > columns:
                    raise Damage("an addend beyond the columns")
                setting["addends"] += range(start, end)
        settings.append(setting)
    reader.end()
    return settings or [{"transform": 0, "divisor": 1, "pace": 0, "addends": [], "guide": None}] * columns


def steady_differences(setting, bits, rows, classes, tails):
    """The differences of a column that does not drift, row by row, the first 0."""
    out = [0] * rows
    if bits:
        for row in range(1, rows):
            if bits >> row & 1:
                out[row] = signed(number(next(classes), tails) * setting["divisor"])
    if setting["transform"] == 2:
        for row in range(1, rows):
            out[row] = signed(out[row] + out[row - 1])
    if setting["transform"] == 3:
        for row in range(rows - 1, 0, -1):
            out[row] = signed(out[row] - out[row - 1])
    if setting["pace"]:
        for row in range(1, rows):
            out[row] = signed(out[row] + setting["pace"])
    return out


def drift_differences(bits, guide, paces, classes, small, quotients, tails):
    """The differences of a column that drifts."""
    out = [0] * len(guide)
    rate = spread = updates = 0
    for row in range(1, len(guide)):
        written, pace, difference = bits >> row & 1, paces[row - 1], 0
        if guide[row] == 0 and updates:
            prediction = rate * pace + 128 >> 8
            if written:
                shift = (spread >> 6).bit_length()
                symbol = next(quotients if shift else small)
                if symbol == 0:
                    residual = number(next(classes), tails)
                elif symbol <= 40:
                    residual = unfolded(symbol - 1) << shift | tails.read(shift)
                else:
                    raise Damage("unknown quotient")
                difference = signed(prediction + residual)
            error = signed(difference - prediction)
            limit = 8 * (spread >> 4) + 16
            held = min(max(error, -limit), limit)
            gain = min(256, 8192 // pace) if pace else 0
            rate = min(max(rate + (held * gain >> (6 if updates == 1 else 7)), -(1 << 40)), 1 << 40)
            spread = min(spread + abs(held) - (spread >> 4), 1 << 36)
            updates = 2
        else:
            if written:
                difference = number(next(classes), tails)
            if guide[row] == 0 and pace:
                held = min(max(difference, -(1 << 30)), 1 << 30)
                rate = abs(held) * 256 // pace * (-1 if held < 0 else 1)
                spread, updates = 4 * abs(held), 1
        out[row] = difference
    return out


class Symbols:
    """The bytes of a stream, all of which must be taken."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def __next__(self):
        if self.at == len(self.data):
            raise Damage("a stream ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def end(self):
        if self.at != len(self.data):
            raise Damage("a stream is too long")


def decode_block(block, layouts):
    """[(layout number, [numbers])] of a block; layouts: the column keys of each of layout_numbers(block)."""
    reader = Reader(block)
    rows, names, runs = read_header(reader)
    if len(layouts) != len(names) or sum(map(len, layouts)) > LAYOUTS_LIMIT:
        raise Damage("layouts that cannot be")
    keys = sorted({key for layout in layouts for key in layout})
    column_of = {key: column for column, key in enumerate(keys)}
    settings_size, forms = reader.varint(SETTINGS_LIMIT), reader.byte()

    def stream(index, size):
        if not forms >> index & 1:
            return reader.take(size)
        if size == 0:
            raise Damage("a stream of no bytes is deflated")
        out, rest = inflate(reader.data[reader.at:], size)
        reader.at = len(reader.data) - len(rest)
        return out

    settings = read_settings(stream(0, settings_size), rows, len(keys))
    drifting = [column for column, setting in enumerate(settings) if setting["transform"] == 4]
    sizes = [reader.varint(CHANGE_LIMIT) for _ in range(3)] if drifting else [0, 0, 0]
    first_classes = stream(1, len(keys))
    paces = stream(2, rows - 1 if drifting else 0)
    flag_bytes = (rows + 6) // 8
    steady = sum(setting["transform"] in (1, 2, 3) for setting in settings)
    flags = stream(3, (steady + len(drifting)) * flag_bytes)
    written = bin(int.from_bytes(flags, "little")).count("1")
    if written > CHANGE_LIMIT:
        raise Damage("too many changes")
    in_steady = bin(int.from_bytes(flags[:steady * flag_bytes], "little")).count("1")
    classes = Symbols(stream(4, in_steady))
    drift_classes, small, quotients = (Symbols(stream(5 + index, sizes[index])) for index in range(3))
    tails = Bits(reader.take(reader.rest()))
    flag_reader = Reader(flags)

    def next_flags():
        bits = int.from_bytes(flag_reader.take(flag_bytes), "little") << 1
        if bits >> rows:
            raise Damage("a change behind the last row")
        return bits

    values = [number(symbol, tails) for symbol in first_classes]
    steps = [None] * len(keys)
    for column, setting in enumerate(settings):
        if setting["transform"] != 4:
            bits = next_flags() if setting["transform"] else 0
            steps[column] = steady_differences(setting, bits, rows, classes, tails)
    summands = 0
    differences = sum(step != 0 for column in steps if column for step in column)
    for column, setting in enumerate(settings):
        for addend in setting["addends"]:
            if settings[addend]["addends"] or settings[addend]["transform"] == 4:
                raise Damage("an addend has addends or drifts")
            summands += 1 + sum(step != 0 for step in steps[addend])
            if summands > SUM_LIMIT:
                raise Damage("totals of too many changes")
            steps[column] = [signed(left + right) for left, right in zip(steps[column], steps[addend])]
        if setting["addends"]:
            differences += sum(step != 0 for step in steps[column])
    if differences > 2 * CHANGE_LIMIT:
        raise Damage("too many differences")
    for column in drifting:
        guide = settings[column]["guide"]
        if settings[guide]["transform"] == 4:
            raise Damage("a guide drifts")
        steps[column] = drift_differences(
            next_flags(), steps[guide], paces, drift_classes, small, quotients, tails)
    for symbols in (classes, drift_classes, small, quotients, tails):
        symbols.end()

    changes = [[(column, steps[column][row]) for column in range(len(keys)) if steps[column][row]]
               for row in range(rows)]
    out, row = [], 0
    for layout, count in runs:
        columns = [column_of[key] for key in layouts[layout]]
        for row in range(row, row + count):
            for column, step in changes[row]:
                values[column] = signed(values[column] + step)
            out.append((names[layout], [values[column] for column in columns]))
        row += 1
    return out


# Records (docs/FORMAT.md, "Records") and the types of members.

BOARDS = {
    "main", "ironman", "hardcore_ironman", "ultimate", "deadman", "seasonal", "tournament", "fresh_start", "skiller",
    "skiller_defence",
}
SERVED = {"ok", "ranks_only"}
RESULTS = SERVED | {"not_found", "unavailable", "throttled", "invalid"}
RECORD_LIMIT = 64 << 10
EARLIEST, LATEST = -62_167_219_200_000, 253_402_300_799_999


def is_text(value):
    return isinstance(value, str)


def is_count(value):
    return isinstance(value, float) and value.is_integer() and 0 <= value < 2**63


def is_moment(value):
    return isinstance(value, float) and value.is_integer() and EARLIEST <= value <= LATEST


def is_flag(value):
    return isinstance(value, bool)


def is_id(value):
    return is_text(value) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_archive(value):
    return is_text(value) and re.fullmatch("[0-9a-f]{32}", value) is not None


def is_player(value):
    return is_text(value) and re.fullmatch("[^A-Z \t\r\n\u00a0\ufffd-]+", value) is not None and not (
        value.startswith("_") or value.endswith("_") or "__" in value)


def is_body(value):
    check(value, BODY, "body")
    return True


def is_texts(value):
    return isinstance(value, list) and len(value) > 0 and all(map(is_text, value))


def is_ids(value):
    return is_texts(value) and all(map(is_id, value))


LISTS = (is_body, is_texts, is_ids)
BODY = {"bytes": is_count, "id": is_id, "kept": is_flag, "content_type?": is_text}
PLACE = {"board": BOARDS.__contains__, "player": is_player, "captured_at": is_moment}
KINDS = {
    "observation": dict(PLACE, **{
        "result": RESULTS.__contains__, "display_name?": is_text, "snapshot?": is_id, "progress?": is_id,
        "http_status?": is_count, "latency_ms?": is_count, "attempt?": is_count, "error?": is_text,
        "redirect?": is_text, "source?": is_text, "agent?": is_text, "run?": is_text, "clock?": "set".__eq__,
        "body?": is_body, "provenance?": is_texts, "suspicions?": is_texts}),
    "tag": {
        "name": is_text, "recorded_at": is_moment, "snapshot?": is_id, "board?": BOARDS.__contains__,
        "player?": is_player, "captured_at?": is_moment},
    "rename": {
        "from": is_player, "to": is_player, "effective_at": is_moment, "recorded_at": is_moment, "undone": is_flag},
    "tombstone": {
        "player": is_player, "board?": BOARDS.__contains__, "captured_at?": is_moment, "count": is_count,
        "reason": is_text, "recorded_at": is_moment},
    "loss": {
        "player?": is_player, "board?": BOARDS.__contains__, "from?": is_moment, "to?": is_moment, "count": is_count,
        "forgotten?": is_count, "reason": is_text, "recorded_at": is_moment},
}


def check(value, shape, what):
    """Every member that must be there is, and each known one is of its type. Unknown members are passed over."""
    if not isinstance(value, dict):
        raise Damage(f"{what}: no object")
    for name, test in shape.items():
        present = value.get(name.rstrip("?"))
        if name.rstrip("?") not in value:
            if not name.endswith("?"):
                raise Damage(f"{what}: it lacks {name}")
        elif isinstance(present, (dict, list)) and test not in LISTS or not test(present):
            raise Damage(f"{what}: {name.rstrip('?')} is not what it must be")


def document_id(record):
    """The document that an archive keeps for an observation, if any: of ranks alone it is declared absent."""
    if record["result"] in SERVED:
        return record["snapshot"] if record["result"] == "ok" else None
    body = record.get("body")
    return body["id"] if body and body["kept"] else None


def read_record(payload, what):
    if len(payload) > RECORD_LIMIT:
        raise Damage(f"{what}: {len(payload)} bytes")
    record = parse_canonical(payload, what)
    kind = record.get("kind") if isinstance(record, dict) else None
    if kind not in KINDS:
        raise Damage(f"{what}: unknown kind {kind}")
    check(record, KINDS[kind], what)
    if kind == "observation":
        if not ("snapshot" in record) == ("progress" in record) == (record["result"] in SERVED):
            raise Damage(f"{what}: exactly what was served has a snapshot")
    if kind == "tag" and "player" in record:
        check(record, dict(PLACE, snapshot=is_id), what)
    return record


# Packs (docs/FORMAT.md, "Packs").

HEAD = b"OSRP\1\0\0\0"
TRAILER_BYTES = 152
RECORDS_LIMIT = 1 << 20
FOOTER_LIMIT = 16 << 20
PAGE_LIMIT = 16 << 20
BLOCK_LIMIT = 64 << 20
DOCUMENT_LIMIT = 16 << 20
PAGE_ITEMS_LIMIT = 4096
TEMPLATE_LIMIT = 65_536
RECORD_SLOT_LIMIT = 4095
STRING_LIMIT = 1 << 20
SECTIONS = ("directory", "document templates", "record templates", "strings", "other records", "gaps", "index")
NOTHING, IN_LOG, IN_ARCHIVE = 0, 1, 2


def checked(data, what):
    """The bytes in front of their checksum."""
    if len(data) < 4 or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise Damage(f"{what}: its checksum is wrong")
    return data[:-4]


def derived(items):
    """The texts of a page of which some are derived from others."""
    texts, wholes = [], {}
    for place, item in enumerate(items):
        reader = Reader(item)
        base = reader.varint(place)
        if base == 0:
            wholes[place] = item[reader.at:]
            texts.append(wholes[place])
            continue
        whole = wholes.get(base - 1)
        if whole is None:
            raise Damage("document templates: one is derived from a derived one")
        prefix = reader.varint(len(whole))
        suffix = reader.varint(len(whole) - prefix)
        texts.append(whole[:prefix] + reader.take(reader.rest()) + whole[len(whole) - suffix:])
        if len(texts[-1]) > TEMPLATE_LIMIT:
            raise Damage("document templates: a derived one is too long")
    return texts


class Page:
    """A page of a section as the footer lists it, and where it begins."""

    def __init__(self, items, size, stored):
        self.items, self.size, self.stored, self.offset = items, size, stored, 0


class Entry:
    """A block as the directory lists it; `number` is its place in the file."""


class Row:
    """A record out of a block, with its document's bytes or None."""

    def __init__(self, number, record, document, is_snapshot, novelty):
        self.number, self.record, self.document = number, record, document
        self.is_snapshot, self.novelty = is_snapshot, novelty


class RecordTemplate:
    """Where in a record's text what stands."""

    def __init__(self, text):
        if len(text) > TEMPLATE_LIMIT:
            raise Damage("a record template is too long")
        self.text = text
        self.keys, self.has_document, self.is_snapshot = [b"\1number"], False, False
        self.result = self.captured_at = None
        self.scan()
        if self.result is None or self.captured_at is None:
            raise Damage("a record template is that of no observation")
        if len(self.keys) > RECORD_SLOT_LIMIT + 1 or sum(map(len, self.keys)) > KEY_LIMIT:
            raise Damage("a record template has too many values")
        if len(set(self.keys)) != len(self.keys):
            raise Damage("a record template names one value twice")

    def scan(self):
        text, at, name, stack = self.text, 0, b"", []  # of containers: the path, the next element's index or None
        while at < len(text):
            byte = text[at]
            at += 1
            if byte > 3 and byte not in b'{[}],"':
                continue
            path = ()
            if stack:
                path = stack[-1][0] + ((name,) if stack[-1][1] is None else (b"%d" % stack[-1][1],))
            if byte <= 3:
                self.slot(byte, path)
            elif byte in b"{[":
                if len(stack) == DEPTH_LIMIT:
                    raise Damage("a record template is nested too deeply")
                stack.append([path, 0 if byte == 0x5B else None])
            elif byte in b"}]":
                if not stack:
                    raise Damage("a record template closes what it did not open")
                stack.pop()
            elif byte == 0x2C:
                if stack and stack[-1][1] is not None:
                    stack[-1][1] += 1
            else:
                end = string_end(text, at - 1)
                name, at = text[at:end - 1], end
        if stack:
            raise Damage("a record template does not close what it opens")

    def slot(self, byte, path):
        if byte <= 1:
            if path == (b"captured_at",) and byte == 0:
                self.captured_at = len(self.keys)
            if path == (b"result",) and byte == 1:
                self.result = len(self.keys)
            self.keys.append(b"\0".join(path))
        elif byte == 2:
            self.has_document = True
            self.is_snapshot = self.is_snapshot or path == (b"snapshot",)

    def render(self, numbers, strings, document, progress):
        out, start, numbers = [], 0, iter(numbers)
        for at, byte in enumerate(self.text):
            if byte > 3:
                continue
            out.append(self.text[start:at])
            start = at + 1
            if byte == 0:
                out.append(b"%d" % next(numbers))
                continue
            if byte == 1:
                place = next(numbers)
                if not 0 <= place < len(strings):
                    raise Damage("a row names a string that is not there")
                content = strings[place]
            else:
                content = document if byte == 2 else progress
                if content is None:
                    raise Damage("a record names a document that it does not have")
            out.append(b'"' + content + b'"')
        return b"".join(out) + self.text[start:]


class Pack:
    """A pack out of `file`, which is bytes or a memory map. Opening it reads trailer and footer."""

    def __init__(self, file, name):
        self.file, self.texts, self.templates = file, {}, {}
        if len(file) < len(HEAD) + TRAILER_BYTES or file[:4] != HEAD[:4]:
            raise Damage("head: no pack")
        if file[4:8] != HEAD[4:]:
            if file_name(file) != name:
                raise Damage("head: it is not what was written")
            raise Unsupported(f"pack format {file[4]}, flags {file[5:8].hex()}")
        self.read_trailer(bytes(file[len(file) - TRAILER_BYTES:]))
        self.read_footer()

    def read_trailer(self, data):
        if data[:4] != b"OSRT":
            raise Damage("trailer: none")
        checked(data, "trailer")
        number = lambda at, count: int.from_bytes(data[at:at + count], "little")
        if number(4, 4) > 3:
            raise Unsupported(f"pack with the flags {number(4, 4)}")
        self.has_newest, self.has_derived_templates = number(4, 4) & 1 == 1, number(4, 4) & 2 == 2
        self.footer_stored, self.footer_size, self.footer_checksum = number(8, 4), number(12, 4), number(16, 4)
        self.archive, self.first, self.count = data[20:36], number(36, 8), number(44, 8)
        self.head_before, self.head_after, self.sum = data[52:84], data[84:116], data[116:148]
        self.footer_offset = len(self.file) - TRAILER_BYTES - self.footer_stored
        if (max(self.footer_stored, self.footer_size) > FOOTER_LIMIT or self.footer_offset < len(HEAD)
                or self.first > 1 << 53 or not 1 <= self.count <= RECORDS_LIMIT):
            raise Damage("trailer: its numbers are out of range")

    def read_footer(self):
        stored = bytes(self.file[self.footer_offset:self.footer_offset + self.footer_stored])
        if zlib.crc32(stored) != self.footer_checksum:
            raise Damage("footer: its checksum is wrong")
        data, rest = inflate(stored, self.footer_size)
        if rest:
            raise Damage("footer: bytes behind its stream")
        reader = Reader(data)
        self.observations = reader.varint(self.count)
        self.successes = reader.varint(self.observations)
        self.new_in_archive = reader.varint(self.successes)
        self.blocks, self.block_bytes = reader.varint(RECORDS_LIMIT), reader.varint(self.footer_offset)
        self.bits = reader.varint(32)
        self.page_bits, self.rice_bits = reader.varint(self.bits), reader.varint(self.bits)
        self.block_bits = reader.varint(24)
        offset = len(HEAD) + self.block_bytes
        self.sections = {}
        for name in (*SECTIONS, "newest") if self.has_newest else SECTIONS:
            limit = self.observations if name == "index" else PAGE_ITEMS_LIMIT
            pages = []
            for _ in range(reader.varint(reader.rest())):
                page = Page(reader.varint(limit), reader.varint(PAGE_LIMIT), reader.varint(PAGE_LIMIT))
                page.offset, offset = offset, offset + page.stored
                pages.append(page)
            self.sections[name] = pages
        self.directory_pages = []
        for page in self.sections["directory"]:
            self.directory_pages.append((self.series(reader), reader.varint(self.block_bytes)))
        reader.end()
        index = self.sections["index"]
        if (offset != self.footer_offset or self.bits < 1 or self.items("directory") != self.blocks
                or sum(size for _, size in self.directory_pages) != self.block_bytes
                or self.items("index") > self.observations
                or self.has_newest and not 0 < self.items("newest") <= self.observations
                or (index and len(index) != 1 << self.page_bits)):
            raise Damage("footer: it does not fit the file")

    def items(self, name):
        return sum(page.items for page in self.sections[name])

    def page(self, name, page):
        data = bytes(self.file[page.offset:page.offset + page.stored])
        data = checked(data, f"{name}: the page at byte {page.offset}")
        if page.stored == page.size + 4:
            return data
        data, rest = inflate(data, page.size)
        if rest:
            raise Damage(f"{name}: bytes behind a page's stream")
        return data

    # Sections

    @staticmethod
    def series(reader):
        player, board = reader.text(4096), reader.text(4096)
        try:
            if not is_player(player.decode()) or board.decode() not in BOARDS:
                raise ValueError
        except ValueError:
            raise Damage("directory: no player or no board") from None
        return player, board

    def directory(self):
        """All blocks, in the order of the file."""
        entries, offset = [], len(HEAD)
        for page, (key, size) in zip(self.sections["directory"], self.directory_pages):
            reader, before, end = Reader(self.page("directory", page)), None, offset + size
            for _ in range(page.items):
                entry = Entry()
                mark = reader.byte()
                if mark > 1 or mark == 0 and before is None:
                    raise Damage("directory: an entry goes on from none")
                entry.series = self.series(reader) if mark else before.series
                entry.number, entry.offset, entry.size = len(entries), offset, reader.varint(BLOCK_LIMIT)
                entry.rows = reader.varint(ROW_LIMIT)
                entry.successes = reader.varint(entry.rows)
                entry.new_in_log = reader.varint(entry.successes)
                entry.new_in_archive = reader.varint(entry.new_in_log)
                entry.first = (before.last if before else 0) + reader.svarint()
                entry.last = entry.first + reader.svarint()
                entry.lowest = self.first + reader.varint(self.count)
                entry.first_number = entry.lowest + reader.varint(self.count)
                entry.last_number = entry.lowest + reader.varint(self.count)
                offset += entry.size
                if (entry.size < 5 or entry.rows == 0 or offset > end or not EARLIEST <= entry.first <= entry.last <= LATEST
                        or max(entry.first_number, entry.last_number) >= self.first + self.count):
                    raise Damage("directory: an entry is out of range")
                order = (entry.series, entry.first, entry.first_number)
                last = entries[-1] if entries else None
                if last and order <= (last.series, last.first, last.first_number):
                    raise Damage("directory: entries are out of order")
                entries.append(entry)
                before = entry
            reader.end()
            if offset != end or page.items == 0 or entries[-page.items].series != key:
                raise Damage("directory: a page is not the one in the footer")
        return entries

    def text_page(self, name, page):
        if (name, page.offset) not in self.texts:
            reader = Reader(self.page(name, page))
            self.texts[name, page.offset] = [reader.text() for _ in range(page.items)]
            reader.end()
            if name == "document templates" and self.has_derived_templates:
                self.texts[name, page.offset] = derived(self.texts[name, page.offset])
        return self.texts[name, page.offset]

    def text(self, name, number):
        for page in self.sections[name]:
            if number < page.items:
                return self.text_page(name, page)[number]
            number -= page.items
        raise Damage(f"{name}: a block names one that is not there")

    def record_template(self, number):
        key = "record templates", number
        if key not in self.templates:
            self.templates[key] = RecordTemplate(self.text(*key))
        return self.templates[key]

    def document_template(self, number):
        """(text, column keys)"""
        key = "document templates", number
        if key not in self.templates:
            text = self.text(*key)
            self.templates[key] = text, column_keys(text)
        return self.templates[key]

    def other_records(self):
        """[(number, the record's bytes)]"""
        found = []
        for page in self.sections["other records"]:
            for item in self.text_page("other records", page):
                reader = Reader(item)
                number = self.first + reader.varint(self.count - 1)
                if found and found[-1][0] >= number:
                    raise Damage("other records: out of order")
                found.append((number, reader.take(reader.rest())))
        return found

    def gaps(self):
        """[(number, the record's id or None, whether it was forgotten)]"""
        found, end = [], self.first + self.count
        for page in self.sections["gaps"]:
            reader, number = Reader(self.page("gaps", page)), self.first
            for _ in range(page.items):
                number += reader.varint(self.count)
                flags = reader.byte()
                identity = reader.take(32) if flags & 2 else None
                count = 1 if flags & 2 else reader.varint(self.count)
                if flags > 3 or count == 0 or number + count > end or found and found[-1][0] >= number:
                    raise Damage("gaps: an item is out of range")
                found += [(number + place, identity, flags & 1 == 1) for place in range(count)]
                number += count
            reader.end()
        return found

    def newest(self):
        """[(moment, board, number, record's bytes, (moment, number) of the one before or None, whether it is the same)]"""
        found = []
        for page in self.sections["newest"] if self.has_newest else []:
            for item in self.text_page("newest", page):
                reader = Reader(item)
                number, mark = self.first + reader.varint(self.count - 1), reader.byte()
                elapsed, distance = (reader.varint(), reader.svarint()) if mark else (0, 0)
                record = reader.take(reader.rest())
                value = read_record(record, f"newest observation {number}")
                if mark > 2 or value["kind"] != "observation" or mark and value["result"] != "ok":
                    raise Damage("newest observations: one is none")
                moment = int(value["captured_at"])
                before = (moment - elapsed, number - distance) if mark else None
                if before and not before < (moment, number):
                    raise Damage("newest observations: one follows what cannot be")
                found.append((moment, value["board"], number, record, before, mark == 2))
        return found

    def verify_newest(self, logs):
        """What is listed is what the blocks say: the newest of all logs, and the ok observation before each. `logs` has
        (moment, number, the parsed record, its bytes) of each row."""
        rows = []
        for log in logs.values():
            before = None
            for moment, number, value, record in sorted(log, key=lambda row: row[:2]):
                is_ok = value["result"] == "ok"
                earlier = before if is_ok else None
                rows.append((moment, value["board"], number, record, earlier and earlier[0],
                             earlier is not None and earlier[1] == value["snapshot"]))
                if is_ok:
                    before = (moment, number), value["snapshot"]
        rows.sort(key=lambda row: row[:3], reverse=True)
        listed = self.newest()
        if listed != rows[:len(listed)]:
            raise Damage("newest observations: they are not those of the blocks")

    def index_page(self, number):
        """[(fingerprint, block)]"""
        page = self.sections["index"][number]
        bits, found = Bits(self.page("index", page)), []
        size = 8 * len(bits.data)
        value = number << self.bits - self.page_bits
        for _ in range(page.items):
            rest = bits.value >> bits.at
            quotient = (rest & -rest).bit_length() - 1
            if quotient < 0:
                raise Damage("index: a page ends early")
            bits.at += quotient + 1
            value += quotient << self.rice_bits | bits.read(self.rice_bits)
            block = bits.read(self.block_bits)
            if bits.at > size or block >= self.blocks or value >> self.bits - self.page_bits != number:
                raise Damage("index: an entry is out of range")
            found.append((value, block))
        bits.end()
        return found

    def index(self):
        return [entry for page in range(len(self.sections["index"])) for entry in self.index_page(page)]

    def blocks_of(self, identity):
        """The numbers of the blocks that may hold the document with an id of 32 bytes."""
        fingerprint = int.from_bytes(identity, "big") >> 256 - self.bits
        if not self.sections["index"]:
            return []
        page = self.index_page(fingerprint >> self.bits - self.page_bits)
        return [block for value, block in page if value == fingerprint]

    # Blocks

    def rows(self, entry):
        """The rows of a block, in their order."""
        what = f"the block at byte {entry.offset}"
        reader = Reader(checked(bytes(self.file[entry.offset:entry.offset + entry.size]), what))
        base = self.first + reader.varint(RECORDS_LIMIT)
        lists = [self.numbers(reader) for _ in range(3)]
        if max(len(lists[0]), len(lists[1])) > ROW_LIMIT or len(lists[2]) > STRING_LIMIT:
            raise Damage(f"{what} names too many templates or strings")
        records = [self.record_template(number) for number in lists[0]]
        documents = [self.document_template(number) for number in lists[1]]
        strings = [self.text("strings", number) for number in lists[2]]
        exceptions = {}
        for _ in range(reader.varint(ROW_LIMIT)):
            row = reader.varint(ROW_LIMIT)
            exceptions[row] = reader.byte()
            if row >= entry.rows or exceptions[row] > IN_ARCHIVE:
                raise Damage(f"{what}: an exception that cannot be")
        record_rows = self.table(reader, [template.keys for template in records])
        document_rows = self.table(reader, [[b"\1raw"]] + [keys for _, keys in documents])
        raw = []
        for _ in range(reader.varint(ROW_LIMIT)):
            size = reader.varint(DOCUMENT_LIMIT)
            raw.append((size, reader.text()))
        reader.end()
        if len(record_rows) != entry.rows:
            raise Damage(f"{what}: it has not {entry.rows} rows")
        found, before, following = [], None, iter(document_rows)
        for place, (template, numbers) in enumerate(record_rows):
            template, document, novelty = records[template], None, NOTHING
            if template.has_document:
                cells = next(following, None)
                if cells is None:
                    raise Damage(f"{what}: a document is missing")
                document = self.document(cells, documents, raw)
                novelty = IN_ARCHIVE if template.is_snapshot and cells != before else NOTHING
                before = cells
            number = base + numbers[0]
            if not self.first <= number < self.first + self.count:
                raise Damage(f"{what}: a record's number is not one of the pack's")
            record = self.record(template, numbers[1:], strings, document, what)
            found.append(Row(number, record, document, template.is_snapshot, exceptions.get(place, novelty)))
        if next(following, None) is not None:
            raise Damage(f"{what}: a document belongs to no row")
        return found

    @staticmethod
    def numbers(reader):
        found, number = [], 0
        for _ in range(reader.varint(reader.rest())):
            number += reader.svarint()
            if not 0 <= number < 1 << 32:
                raise Damage("a block names what cannot be there")
            found.append(number)
        return found

    @staticmethod
    def table(reader, layouts):
        data = reader.text()
        if not data:
            return []
        numbers = layout_numbers(data)
        if any(number >= len(layouts) for number in numbers):
            raise Damage("a table names a layout that is not there")
        return decode_block(data, [layouts[number] for number in numbers])

    @staticmethod
    def document(cells, templates, raw):
        layout, numbers = cells
        if layout > 0:
            return render(templates[layout - 1][0], numbers)
        if not 0 <= numbers[0] < len(raw):
            raise Damage("a row names a document that is not there")
        size, stored = raw[numbers[0]]
        if len(stored) == size:
            return stored
        document, rest = inflate(stored, size)
        if rest:
            raise Damage("bytes behind a document's stream")
        return document

    @staticmethod
    def record(template, numbers, strings, document, what):
        identity = progress = None
        if document is not None:
            identity = sha256(document).hex().encode()
            if template.is_snapshot:
                progress = sha256(canonical(parse_canonical(document, what), without="rank")).hex().encode()
        return template.render(numbers, strings, identity, progress)

    # Proof

    def contents(self, verify, found):
        """Hands (number, id, record's bytes, the parsed record, Row or None) of every record to `found`, block by block,
        and says what is wrong: all that "What a pack proves" asks but the file's name."""
        findings, ids, logs = [], {}, {}

        def attempt(step, *arguments):
            try:
                return step(*arguments)
            except (Damage, Unsupported) as error:
                findings.append(str(error))
                return None

        def add(number, identity):
            if number in ids:
                raise Damage(f"record {number} stands twice")
            ids[number] = identity

        def other(number, record):
            value = read_record(record, f"record {number}")
            if value["kind"] == "observation":
                raise Damage(f"record {number}: an observation outside a block")
            add(number, sha256(record))
            found(number, ids[number], record, value, None)

        fingerprints = set()
        entries = attempt(self.directory) or []
        for entry in entries:
            rows = attempt(self.rows, entry) or []
            for row in attempt(self.verify_block, entry, rows) or []:
                attempt(add, row.number, sha256(row.record))
                value = read_record(row.record, "a record")
                if self.has_newest:
                    logs.setdefault(entry.series, []).append((int(value["captured_at"]), row.number, value, row.record))
                found(row.number, sha256(row.record), row.record, value, row)
                if row.document is not None:
                    identity = int.from_bytes(sha256(row.document), "big")
                    fingerprints.add((identity >> 256 - self.bits, entry.number))
        for number, record in attempt(self.other_records) or []:
            attempt(other, number, record)
        gaps = attempt(self.gaps) or []
        for number, identity, _ in gaps:
            attempt(add, number, identity)
        if verify and not findings:
            attempt(self.verify_whole, entries, fingerprints, ids)
            attempt(self.verify_newest, logs)
        return findings, gaps

    def verify_block(self, entry, rows):
        what = f"the block at byte {entry.offset}"
        if not rows:
            return rows
        before = None
        for row in rows:
            value = read_record(row.record, f"record {row.number}")
            if value["kind"] != "observation" or (value["player"].encode(), value["board"].encode()) != entry.series:
                raise Damage(f"{what}: record {row.number} belongs to another log")
            names = document_id(value)
            if value["result"] != "ok" and names and row.document is not None and (
                    len(row.document) != value["body"]["bytes"]):
                raise Damage(f"{what}: record {row.number} has a body of another length")
            if names != (row.document is not None and sha256(row.document).hex() or None):
                raise Damage(f"{what}: record {row.number} names another document than it has")
            point = int(value["captured_at"]), row.number
            if before is not None and point <= before:
                raise Damage(f"{what}: its rows are out of order")
            if before is None and point != (entry.first, entry.first_number):
                raise Damage(f"{what}: it does not begin where the directory says")
            before = point
        novelties = [row.novelty for row in rows]
        if (before != (entry.last, entry.last_number) or min(row.number for row in rows) != entry.lowest
                or sum(row.is_snapshot for row in rows) != entry.successes
                or sum(novelty > NOTHING for novelty in novelties) != entry.new_in_log
                or novelties.count(IN_ARCHIVE) != entry.new_in_archive):
            raise Damage(f"{what}: it is not what the directory says")
        return rows

    def verify_whole(self, entries, fingerprints, ids):
        sums = [sum(getattr(entry, name) for entry in entries) for name in ("rows", "successes", "new_in_archive")]
        if sums != [self.observations, self.successes, self.new_in_archive]:
            raise Damage("footer: its counts are not those of the directory")
        if self.index() != sorted(fingerprints):
            raise Damage("index: its entries are not those of the documents")
        for name in ("document templates", "record templates", "strings"):
            texts = [text for page in self.sections[name] for text in self.text_page(name, page)]
            if len(set(texts)) != len(texts):
                raise Damage(f"{name}: one stands twice")
        numbers = range(self.first, self.first + self.count)
        if set(ids) != set(numbers):
            raise Damage("records are missing")
        if None in ids.values():
            return
        head = self.head_before
        for number in numbers:
            head = sha256(head, ids[number])
        total = sum(int.from_bytes(identity, "big") for identity in ids.values()) % (1 << 256)
        if head != self.head_after or total.to_bytes(32, "big") != self.sum:
            raise Damage("its records do not lead from its first head to its last")

    def find(self, identity):
        """The bytes of the document with an id of 32 bytes, or None."""
        numbers = self.blocks_of(identity)
        entries = self.directory() if numbers else []
        for number in numbers:
            for row in self.rows(entries[number]):
                if row.document is not None and sha256(row.document) == identity:
                    return row.document
        return None


def file_name(file):
    """The name that a pack with these bytes has."""
    digest = hashlib.sha256()
    for start in range(0, len(file), 1 << 20):
        digest.update(file[start:start + (1 << 20)])
    return digest.hexdigest() + ".pack"


# Sealed bytes (docs/FORMAT.md, "Sealed files"): key derivation and Cobblestone-256 messages.

SEALED_CHUNK, MESSAGE_HEADER = 16_400, 56


class NotSealed(Exception):
    """A message was sealed with another key, or as something else."""


def primitives():
    """The parts of the package `cryptography` that are used: `pip install cryptography`, or python3-cryptography."""
    try:
        from cryptography.exceptions import InvalidSignature, InvalidTag
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    except ImportError:
        sys.exit(f"{os.path.basename(sys.argv[0])}: the Python package `cryptography` is missing: "
                 "apt install python3-cryptography, or pip install cryptography")
    return (InvalidSignature, InvalidTag, Ed25519PublicKey, X25519PrivateKey, X25519PublicKey, AESGCM, Encoding,
            PublicFormat)


def hkdf_expand(digest, key, info, count):
    """RFC 5869, section 2.3."""
    output, block, number = b"", b"", 0
    while len(output) < count:
        number += 1
        block = hmac.new(key, block + info + bytes([number]), digest).digest()
        output += block
    return output[:count]


def fields(*parts):
    """Each part behind its length in four bytes: no two lists have the same bytes."""
    return b"".join(len(part).to_bytes(4, "little") + part for part in parts)


def scrypt(password, salt, n, r, p):
    """RFC 7914; never with parameters that would take all memory, or a day."""
    if not (2 <= n <= 1 << 20 and 1 <= r <= 16 and 1 <= p <= 16 and n * r <= 1 << 23 and n * r * p <= 1 << 24):
        raise Damage("scrypt is asked for too much work")
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=128 * r * (n + p + 2) + (1 << 20), dklen=32)


def open_message(read, key, context):
    """The plain bytes of a Cobblestone-256 message, chunk by chunk; `read(count)` gives its stored bytes."""
    _, InvalidTag, _, _, _, AESGCM, *_ = primitives()
    head = read(MESSAGE_HEADER)
    salt, commitment = head[:24], head[24:]
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    derived = hkdf_expand(hashlib.sha512, key, info, 76)
    if not hmac.compare_digest(derived[44:], commitment):
        raise NotSealed("it is not sealed with this key as what it is taken for")
    cipher, nonce, chunk = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big"), 0
    while True:
        sealed = read(SEALED_CHUNK)
        try:
            yield cipher.decrypt((nonce ^ chunk).to_bytes(12, "big"), sealed, None)
        except (InvalidTag, ValueError):
            raise Damage(f"chunk {chunk} is damaged") from None
        chunk += 1
        # The last chunk is the only short one.
        if len(sealed) < SEALED_CHUNK:
            return


# Bundles (docs/FORMAT.md, "Bundles"): what `osrs-archive backup create` writes, opened with nothing but a key.

NAME = re.compile(r"([0-9a-f]{16})-([0-9]{6,9})-([0-9a-f]{64})\.bundle")
KEY = re.compile(r"osrs-backup-secret-1-([0-9a-f]{64})-([0-9a-f]{8})")
SIGNER = re.compile(r"osrs-backup-signer-1-([0-9a-f]{64})-([0-9a-f]{8})")
SIGNATURE_BYTES = 64


class WrongKey(Exception):
    """None of the keys opens a bundle."""


class Keys:
    """What bundles are opened with."""

    def __init__(self, identities, password):
        self.identities, self.password, self.derived = identities, password, {}

    def bundle_key(self, header, binding, name):
        _, InvalidTag, _, X25519PrivateKey, X25519PublicKey, AESGCM, Encoding, PublicFormat = primitives()

        def unwrap(under, wrapped):
            return AESGCM(under).decrypt(wrapped[:12], wrapped[12:], binding)

        for stanza in header["recipients"]:
            try:
                wrapped = bytes.fromhex(stanza["wrapped"])
                if stanza["kind"] == "x25519":
                    ephemeral = bytes.fromhex(stanza["ephemeral"])
                    for identity in self.identities:
                        private = X25519PrivateKey.from_private_bytes(identity)
                        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
                        if sha256(public).hex()[:16] != stanza["id"]:
                            continue
                        # `exchange` refuses public keys that give all zeros.
                        shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
                        extracted = hmac.new(ephemeral + public, shared, hashlib.sha256).digest()
                        under = hkdf_expand(hashlib.sha256, extracted, b"osrs-archive/v1 backup X25519", 32)
                        return unwrap(under, wrapped)
                elif stanza["kind"] == "passphrase" and self.password is not None:
                    n, r, p = (int(stanza[name]) for name in "nrp")
                    salt = bytes.fromhex(stanza["salt"])
                    if (salt, n, r, p) not in self.derived:
                        self.derived[salt, n, r, p] = scrypt(self.password, salt, n, r, p)
                    return unwrap(self.derived[salt, n, r, p], wrapped)
            except (InvalidTag, KeyError, ValueError):
                continue
        raise WrongKey(f"{name}: none of the keys that were given opens it")


class Bundle:
    """A bundle whose SHA-256 and signature were found right."""

    def __init__(self, path):
        InvalidSignature, _, Ed25519PublicKey, *_ = primitives()
        self.path, self.name = path, os.path.basename(path)
        match = NAME.fullmatch(self.name)
        if not match:
            raise Damage(f"{self.name}: no bundle is called so")
        self.size = os.path.getsize(path)
        body, whole = hashlib.sha256(), hashlib.sha256()
        with open(path, "rb") as file:
            left = self.size - SIGNATURE_BYTES
            while left > 0:
                piece = file.read(min(1 << 20, left))
                if not piece:
                    raise Damage(f"{self.name}: it ends early")
                body.update(piece)
                whole.update(piece)
                left -= len(piece)
            signature = file.read()
            whole.update(signature)
            file.seek(0)
            start = file.read(28 + 65_536)
        if whole.hexdigest() != match[3]:
            raise Damage(f"{self.name}: it is damaged: its bytes do not have the SHA-256 in its name")
        if start[:8] != b"OSRE\1\4\0\0":
            raise Unsupported(f"{self.name}: it is no bundle of this format")
        self.file_id = start[8:24]
        self.start = 28 + int.from_bytes(start[24:28], "little")
        self.encoded = start[:self.start]
        self.header = parse_canonical(start[28:self.start], self.name)
        if self.header.get("format") != 1:
            raise Unsupported(f"{self.name}: it needs a newer restore.py")
        self.archive = bytes.fromhex(self.header["archive"])
        self.writer, self.number = match[1], int(match[2])
        if (self.header["writer"], int(self.header["number"])) != (self.writer, self.number):
            raise Damage(f"{self.name}: its name is another bundle's")
        try:
            signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.header["signer"]))
            signer.verify(signature, b"osrs-archive/v1 bundle\0" + body.digest())
        except InvalidSignature:
            raise Damage(f"{self.name}: it is forged: its signature is wrong")

    def open(self, keys, folder):
        """Decrypts the packs into files of a folder, and gives their paths and the manifest."""
        binding = b"osrs-archive/v1 backup key\0" + self.archive + self.file_id
        key = keys.bundle_key(self.header, binding, self.name)
        context = fields(b"osrs-archive/v1", self.archive, b"bundle", self.file_id, sha256(self.encoded))
        end = self.size - SIGNATURE_BYTES
        with open(self.path, "rb") as file, tempfile.TemporaryFile(dir=folder) as plain:
            file.seek(self.start)
            try:
                for piece in open_message(lambda count: file.read(min(count, end - file.tell())), key, context):
                    plain.write(piece)
            except (NotSealed, Damage) as error:
                raise Damage(f"{self.name}: {error}") from None
            if file.tell() != end:
                raise Damage(f"{self.name}: something stands behind its message")
            size = plain.tell()
            plain.seek(size - 4)
            count = int.from_bytes(plain.read(4), "little")
            plain.seek(size - 4 - count)
            manifest = parse_canonical(plain.read(count), self.name)
            plain.seek(0)
            packs = []
            for place, entry in enumerate(manifest["packs"]):
                path = os.path.join(folder, f"{self.writer}-{self.number}-{place}")
                data = plain.read(int(entry["bytes"]))
                if "inflated" in entry:
                    data, rest = inflate(data, int(entry["inflated"]))
                    if rest:
                        raise Damage(f"{self.name}: something stands behind a pack in it")
                if sha256(data).hex() != entry["id"]:
                    raise Damage(f"{self.name}: a pack in it is not what it names")
                with open(path, "wb") as file_of_pack:
                    file_of_pack.write(data)
                packs.append((path, entry["id"]))
        return packs, manifest


def read_pack(path, name):
    with open(path, "rb") as file:
        return Pack(file.read(), name + ".pack")


def chains(bundles):
    """The bundles of each writer from the last one on that needs none before: its last one, and those that it builds on."""
    by_writer = {}
    for bundle in bundles:
        by_writer.setdefault(bundle.writer, []).append(bundle)
    for writer, files in sorted(by_writer.items()):
        by_digest = {NAME.fullmatch(bundle.name)[3]: bundle for bundle in files}
        # Where two have one number, two copies of the archive wrote at once: the later one counts.
        chain = [max(files, key=lambda each: (each.number, int(each.header["created_at"]), each.name))]
        while not chain[0].header["full"]:
            before = by_digest.get(chain[0].header.get("previous"))
            if before is None or before.number != chain[0].number - 1:
                raise Damage(f"{chain[0].name}: the bundle that it goes on from is not among those that were given")
            if any(before.header[name] != chain[0].header[name] for name in ("archive", "signer")):
                raise Damage(f"{chain[0].name}: it is of another archive or signer than the bundle before it")
            chain.insert(0, before)
        yield chain


def forgets(tombstone, number, value):
    """Whether a tombstone, which stands at a number of the sequence, means a record."""
    at, stone = tombstone
    if number >= at:
        return False
    same = {name: stone[name] for name in ("player", "board", "captured_at") if name in stone}
    if value["kind"] == "observation":
        return all(value[name] == expected for name, expected in same.items())
    if value["kind"] == "tag" and "player" in value:
        return all(value[name] == expected for name, expected in same.items())
    if value["kind"] == "rename":
        return set(same) == {"player"} and same["player"] in (value["from"], value["to"])
    if value["kind"] == "loss":
        return "captured_at" not in same and all(value.get(name) == expected for name, expected in same.items())
    return False


class Output:
    """The folder that everything is written to."""

    def __init__(self, folder):
        self.folder, self.documents, self.records = folder, set(), set()
        os.makedirs(os.path.join(folder, "snapshots"), exist_ok=True)
        self.lines = open(os.path.join(folder, "records.jsonl"), "wb")

    def add(self, record, row):
        identity = sha256(record)
        if identity in self.records:
            return
        self.records.add(identity)
        self.lines.write(record + b"\n")
        if row is None or row.document is None:
            return
        name = sha256(row.document).hex()
        if name in self.documents:
            return
        self.documents.add(name)
        folder, suffix = ("snapshots", ".json") if row.is_snapshot else ("bodies", ".body")
        if not row.is_snapshot:
            os.makedirs(os.path.join(self.folder, folder), exist_ok=True)
        with open(os.path.join(self.folder, folder, name + suffix), "wb") as file:
            file.write(row.document)


class Chain:
    """The bundles of a chain, opened: their packs lie in a folder."""

    def __init__(self, bundles, keys, folder):
        self.bundles, self.packs, self.head, self.count = bundles, [], None, 0
        self.tombstones, self.moments = [], []
        for bundle in bundles:
            opened, manifest = bundle.open(keys, folder)
            if self.head is not None and (manifest["head_before"], int(manifest["first"])) != (self.head, self.count):
                raise Damage(f"{bundle.name}: it does not go on where the bundle before it ends")
            self.head, self.count = manifest["head_after"], int(manifest["first"]) + int(manifest["records"])
            self.packs += opened
            for path, name in opened:
                for number, record in read_pack(path, name).other_records():
                    value = read_record(record, f"record {number}")
                    if value["kind"] == "tombstone":
                        self.tombstones.append((number, value))
                        self.moments.append(int(bundle.header["created_at"]))

    def later_tombstones(self, others):
        """Those in later bundles of other chains of the archive, whose history may be another one: they mean all records."""
        mine = self.bundles[-1].header
        return [(math.inf, tombstone[1]) for other in others if other.bundles[-1].header["archive"] == mine["archive"]
                for tombstone, moment in zip(other.tombstones, other.moments)
                if moment > int(mine["created_at"]) and tombstone not in self.tombstones]

    def write(self, others, output):
        tombstones = self.tombstones + self.later_tombstones(others)
        for path, name in self.packs:
            kept = {}

            def found(number, identity, record, value, row):
                if not any(forgets(tombstone, number, value) for tombstone in tombstones):
                    kept[number] = record, row

            findings, _ = read_pack(path, name).contents(True, found)
            if findings:
                raise Damage(f"{self.bundles[0].writer}: {findings[0]}")
            for _, (record, row) in sorted(kept.items()):
                output.add(record, row)
            os.remove(path)


def secret_keys(path):
    keys = []
    with open(path, encoding="ascii", errors="replace") as file:
        for line in filter(None, (line.strip() for line in file)):
            if line.startswith("#"):
                continue
            keys.append(bytes.fromhex(key_digits(KEY, line, f"{path} holds no secret key, or a mistyped one")))
    return keys


def key_digits(kind, text, otherwise):
    """The 64 digits of a key of a kind, whose check digits are right."""
    match = kind.fullmatch(text)
    if not match or sha256(text.rpartition("-")[0].encode()).hex()[:8] != match[2]:
        sys.exit(f"restore.py: {otherwise}")
    return match[1]


def main():
    parser = argparse.ArgumentParser(
        prog="restore.py", description="Restores all snapshots and records from bundles of osrs-archive.")
    parser.add_argument("--identity", metavar="FILE", action="append", default=[], help="a file with a secret key")
    parser.add_argument("--password-file", metavar="FILE", help="a file whose first line is the passphrase")
    parser.add_argument("--signer", metavar="KEY", action="append", default=[],
                        help="the signer that `backup create` printed: nobody else may have signed")
    parser.add_argument("--to", metavar="OUT", required=True, help="the folder to write to")
    parser.add_argument("bundles", metavar="BUNDLE", nargs="+", help="bundles, or folders of them")
    options = parser.parse_args()
    sys.setrecursionlimit(20_000)
    password = None
    if options.password_file:
        with open(options.password_file, "rb") as file:
            password = file.read().split(b"\n", 1)[0].rstrip(b"\r")
    keys = Keys([key for path in options.identity for key in secret_keys(path)], password)
    paths = []
    for path in options.bundles:
        paths += sorted(glob.glob(os.path.join(glob.escape(path), "*.bundle"))) if os.path.isdir(path) else [path]
    if not paths:
        sys.exit("restore.py: there is no bundle")
    signers = [key_digits(SIGNER, text, f"{text} is no signer, or a mistyped one") for text in options.signer]
    try:
        bundles = [Bundle(path) for path in paths]
        for bundle in bundles:
            if signers and bundle.header["signer"] not in signers:
                raise Damage(f"{bundle.name} is signed by somebody else")
        output = Output(options.to)
        with tempfile.TemporaryDirectory(dir=options.to) as folder:
            opened = [Chain(each, keys, folder) for each in chains(bundles)]
            for chain in opened:
                chain.write([other for other in opened if other is not chain], output)
                print(f"chain {chain.bundles[0].writer}: {len(chain.bundles)} bundles, {chain.count} records, "
                      f"head {chain.head}", file=sys.stderr)
        output.lines.close()
    except WrongKey as error:
        print(f"restore.py: {error}", file=sys.stderr)
        return 13
    except (Damage, KeyError, TypeError, ValueError) as error:
        print(f"restore.py: damage: {error}", file=sys.stderr)
        return 12
    except (Unsupported, OSError) as error:
        print(f"restore.py: {error}", file=sys.stderr)
        return 2
    print(f"{len(output.records)} records, {len(output.documents)} documents", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""####
}
