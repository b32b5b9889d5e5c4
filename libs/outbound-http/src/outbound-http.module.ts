import { Global, Module } from '@nestjs/common';
import { OutboundHttp } from './outbound-http.js';

/** Makes the one guarded HTTP client injectable everywhere. */
@Global()
@Module({ providers: [OutboundHttp], exports: [OutboundHttp] })
export class OutboundHttpModule {}
