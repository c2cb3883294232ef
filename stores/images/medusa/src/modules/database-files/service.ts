import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { FileTypes } from "@medusajs/framework/types";
import { AbstractFileProviderService, ContainerRegistrationKeys } from "@medusajs/framework/utils";
import { fileAddress, newFileId, signedFileAddress } from "../../files/file-address.ts";
import { decodeContent } from "../../files/file-content.ts";
import { createFileStore, type Database, type FileStore } from "../../files/file-store.ts";

/** How long the address of a private file (a CSV export) opens it. */
const privateSeconds = 60 * 60;

interface Options {
  /** Signs the addresses of private files. */
  readonly secret: string;
}

/** Medusa's file module on our file store. */
export class DatabaseFileProvider extends AbstractFileProviderService {
  static override identifier = "database";
  private readonly store: FileStore;
  private readonly secret: string;

  constructor(container: { [ContainerRegistrationKeys.PG_CONNECTION]: Database }, { secret }: Options) {
    super();
    this.store = createFileStore(container[ContainerRegistrationKeys.PG_CONNECTION]);
    this.secret = secret;
  }

  override async upload(file: FileTypes.ProviderUploadFileDTO): Promise<FileTypes.ProviderFileResultDTO> {
    return this.save(file, decodeContent(file.content, file.mimeType));
  }

  override async delete(files: FileTypes.ProviderDeleteFileDTO | FileTypes.ProviderDeleteFileDTO[]): Promise<void> {
    await this.store.remove([files].flat().map((file) => file.fileKey));
  }

  override async getPresignedDownloadUrl({ fileKey }: FileTypes.ProviderGetFileDTO): Promise<string> {
    return signedFileAddress(fileKey, Math.floor(Date.now() / 1000) + privateSeconds, this.secret);
  }

  override async getDownloadStream(file: FileTypes.ProviderGetFileDTO): Promise<Readable> {
    return Readable.from(await this.getAsBuffer(file));
  }

  override async getAsBuffer({ fileKey }: FileTypes.ProviderGetFileDTO): Promise<Buffer> {
    const file = await this.store.read(fileKey);
    if (!file) throw new Error(`There is no file ${fileKey}; it may have been deleted.`);
    return file.content;
  }

  override async getUploadStream(file: FileTypes.ProviderUploadStreamDTO) {
    const writeStream = new PassThrough();
    const fileKey = newFileId(file.filename);
    const promise = buffer(writeStream).then((content) => this.save(file, content, fileKey));
    return { writeStream, promise, url: fileAddress(fileKey), fileKey };
  }

  /** Private unless Medusa says otherwise, as its contract for providers demands: exports hold customers' data. */
  private async save(
    file: Omit<FileTypes.ProviderUploadFileDTO, "content">,
    content: Buffer,
    id = newFileId(file.filename),
  ) {
    await this.store.write({ id, mediaType: file.mimeType, private: file.access !== "public", content });
    return { key: id, url: fileAddress(id) };
  }
}
