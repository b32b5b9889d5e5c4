import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';

/** The document of one page of a list. */
export interface PageDocument<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** Makes the OpenAPI class of a page of items; give it a name of its own by extending it. */
export function PageOf<T>(item: Type<T>): Type<PageDocument<T>> {
  class PageDocumentDto implements PageDocument<T> {
    @ApiProperty({ type: [item] })
    readonly data!: T[];

    @ApiProperty({
      type: String,
      nullable: true,
      description: 'Give it as `cursor` to get the next page; null at the end.',
    })
    readonly nextCursor!: string | null;
  }
  return PageDocumentDto;
}
