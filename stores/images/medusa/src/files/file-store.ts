/** Uploaded files as rows of PostgreSQL: no volume to mount, shared by replicas, part of every database backup. */
export interface FileStore {
  write(file: StoredFile): Promise<void>;
  read(id: string): Promise<StoredFile | undefined>;
  remove(ids: readonly string[]): Promise<void>;
}

export interface StoredFile {
  /** Last part of the file's address; hard to guess, and ends in the name it was uploaded under. */
  readonly id: string;
  readonly mediaType: string;
  /** Private files are served only to the bearer of a signed address that expires. */
  readonly private: boolean;
  readonly content: Buffer;
}

/** The part of knex this needs; Medusa shares its own pool with us. */
export interface Database {
  raw(sql: string, bindings: readonly unknown[]): PromiseLike<{ rows: unknown[] }>;
}

export function createFileStore(database: Database): FileStore {
  return {
    async write(file) {
      await database.raw(
        `insert into storefleet.file (id, media_type, private, content) values (?, ?, ?, ?)
         on conflict (id) do update set media_type = excluded.media_type, content = excluded.content`,
        [file.id, file.mediaType, file.private, file.content],
      );
    },
    async read(id) {
      const { rows } = await database.raw("select id, media_type, private, content from storefleet.file where id = ?", [
        id,
      ]);
      const row = rows[0];
      return isRow(row)
        ? { id: row.id, mediaType: row.media_type, private: row.private, content: row.content }
        : undefined;
    },
    async remove(ids) {
      await database.raw("delete from storefleet.file where id = any(?)", [ids]);
    },
  };
}

interface Row {
  id: string;
  media_type: string;
  private: boolean;
  content: Buffer;
}

function isRow(row: unknown): row is Row {
  return typeof row === "object" && row !== null && "content" in row && Buffer.isBuffer(row.content);
}
