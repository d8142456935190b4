import { Controller, Get, Headers, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { digestSchema } from '../../../libs/contracts/artifact.js';
import type { Digest } from '../../../libs/protocol/digest.js';
import { Dependencies } from '../dependencies.js';
import { Fails } from '../openapi/fails.js';

@ApiTags('artifacts')
@Controller('v1/artifacts')
export class ArtifactsController {
  constructor(private readonly dependencies: Dependencies) {}

  @Get(':digest')
  @ApiOperation({
    summary: 'The bytes of an artifact',
    description:
      'They were checked against the digest when the response is complete; one that is cut off was not.',
  })
  @ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: 'The ETag, which is the digest in quotes',
  })
  @ApiOkResponse({
    description: 'The bytes, always as a download',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiResponse({ status: 304, description: 'The caller has them' })
  @Fails('ArtifactUnknown', 'InputInvalid')
  async read(
    @Param('digest', { schema: digestSchema }) digest: Digest,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const { store } = this.dependencies;
    const size = await store.size(digest);
    const etag = `"${digest}"`;
    reply.headers({ etag, 'cache-control': 'private, max-age=31536000, immutable' });
    if (known?.split(/\s*,\s*/).includes(etag)) {
      reply.status(304);
      return undefined;
    }
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    return new StreamableFile(store.stream(digest), {
      type: 'application/octet-stream',
      disposition: `attachment; filename="${digest.slice('sha256:'.length)}"`,
      length: size,
    });
  }
}
