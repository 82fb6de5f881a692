// Generated from proto/panoptes.proto by scripts/generate-proto.mjs; do not edit.
/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";
$protobuf.util.Long = null;
$protobuf.configure();


// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const panoptes = $root.panoptes = (() => {

    /**
     * Namespace panoptes.
     * @exports panoptes
     * @namespace
     */
    const panoptes = {};

    panoptes.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof panoptes
         * @namespace
         */
        const v1 = {};

        v1.Frame = (function() {

            /**
             * Properties of a Frame.
             * @typedef {Object} panoptes.v1.Frame.$Properties
             * @property {panoptes.v1.Welcome.$Properties|null} [welcome] Frame welcome
             * @property {panoptes.v1.FlowBatch.$Properties|null} [batch] Frame batch
             * @property {panoptes.v1.ProbeStatus.$Properties|null} [status] Frame status
             * @property {panoptes.v1.Gap.$Properties|null} [gap] Frame gap
             * @property {panoptes.v1.Error.$Properties|null} [error] Frame error
             * @property {panoptes.v1.Subscribe.$Properties|null} [subscribe] Frame subscribe
             * @property {"welcome"|"batch"|"status"|"gap"|"error"|"subscribe"} [body] Frame body
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Frame.
             * @memberof panoptes.v1
             * @interface IFrame
             * @augments panoptes.v1.Frame.$Properties
             * @deprecated Use panoptes.v1.Frame.$Properties instead.
             */

            /**
             * Narrowed shape of a Frame.
             * @typedef {{
             *   welcome?: panoptes.v1.Welcome.$Shape|null;
             *   batch?: panoptes.v1.FlowBatch.$Shape|null;
             *   status?: panoptes.v1.ProbeStatus.$Shape|null;
             *   gap?: panoptes.v1.Gap.$Shape|null;
             *   error?: panoptes.v1.Error.$Shape|null;
             *   subscribe?: panoptes.v1.Subscribe.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ body?: undefined; welcome?: null; batch?: null; status?: null; gap?: null; error?: null; subscribe?: null }|{ body?: "welcome"; welcome: panoptes.v1.Welcome.$Shape; batch?: null; status?: null; gap?: null; error?: null; subscribe?: null }|{ body?: "batch"; welcome?: null; batch: panoptes.v1.FlowBatch.$Shape; status?: null; gap?: null; error?: null; subscribe?: null }|{ body?: "status"; welcome?: null; batch?: null; status: panoptes.v1.ProbeStatus.$Shape; gap?: null; error?: null; subscribe?: null }|{ body?: "gap"; welcome?: null; batch?: null; status?: null; gap: panoptes.v1.Gap.$Shape; error?: null; subscribe?: null }|{ body?: "error"; welcome?: null; batch?: null; status?: null; gap?: null; error: panoptes.v1.Error.$Shape; subscribe?: null }|{ body?: "subscribe"; welcome?: null; batch?: null; status?: null; gap?: null; error?: null; subscribe: panoptes.v1.Subscribe.$Shape })
             * )} panoptes.v1.Frame.$Shape
             */

            /**
             * Constructs a new Frame.
             * @memberof panoptes.v1
             * @classdesc Represents a Frame.
             * @constructor
             * @param {panoptes.v1.Frame.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Frame = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Frame welcome.
             * @member {panoptes.v1.Welcome.$Properties|null|undefined} welcome
             * @memberof panoptes.v1.Frame
             * @instance
             */
            Frame.prototype.welcome = null;

            /**
             * Frame batch.
             * @member {panoptes.v1.FlowBatch.$Properties|null|undefined} batch
             * @memberof panoptes.v1.Frame
             * @instance
             */
            Frame.prototype.batch = null;

            /**
             * Frame status.
             * @member {panoptes.v1.ProbeStatus.$Properties|null|undefined} status
             * @memberof panoptes.v1.Frame
             * @instance
             */
            Frame.prototype.status = null;

            /**
             * Frame gap.
             * @member {panoptes.v1.Gap.$Properties|null|undefined} gap
             * @memberof panoptes.v1.Frame
             * @instance
             */
            Frame.prototype.gap = null;

            /**
             * Frame error.
             * @member {panoptes.v1.Error.$Properties|null|undefined} error
             * @memberof panoptes.v1.Frame
             * @instance
             */
            Frame.prototype.error = null;

            /**
             * Frame subscribe.
             * @member {panoptes.v1.Subscribe.$Properties|null|undefined} subscribe
             * @memberof panoptes.v1.Frame
             * @instance
             */
            Frame.prototype.subscribe = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Frame body.
             * @member {"welcome"|"batch"|"status"|"gap"|"error"|"subscribe"|undefined} body
             * @memberof panoptes.v1.Frame
             * @instance
             */
            $Object.defineProperty(Frame.prototype, "body", {
                get: $util.oneOfGetter($oneOfFields = ["welcome", "batch", "status", "gap", "error", "subscribe"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Frame message. Does not implicitly {@link panoptes.v1.Frame.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.Frame
             * @static
             * @param {panoptes.v1.Frame.$Properties} message Frame message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Frame.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.welcome != null && $Object.hasOwnProperty.call(message, "welcome"))
                    $root.panoptes.v1.Welcome.encode(message.welcome, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.batch != null && $Object.hasOwnProperty.call(message, "batch"))
                    $root.panoptes.v1.FlowBatch.encode(message.batch, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                    $root.panoptes.v1.ProbeStatus.encode(message.status, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.gap != null && $Object.hasOwnProperty.call(message, "gap"))
                    $root.panoptes.v1.Gap.encode(message.gap, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.error != null && $Object.hasOwnProperty.call(message, "error"))
                    $root.panoptes.v1.Error.encode(message.error, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.subscribe != null && $Object.hasOwnProperty.call(message, "subscribe"))
                    $root.panoptes.v1.Subscribe.encode(message.subscribe, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.Frame
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.Frame & panoptes.v1.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Frame.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.Frame();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.welcome = $root.panoptes.v1.Welcome.decode(reader, reader.size(), $undefined, _depth + 1, message.welcome);
                            message.body = "welcome";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.batch = $root.panoptes.v1.FlowBatch.decode(reader, reader.size(), $undefined, _depth + 1, message.batch);
                            message.body = "batch";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.status = $root.panoptes.v1.ProbeStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.status);
                            message.body = "status";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.gap = $root.panoptes.v1.Gap.decode(reader, reader.size(), $undefined, _depth + 1, message.gap);
                            message.body = "gap";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.error = $root.panoptes.v1.Error.decode(reader, reader.size(), $undefined, _depth + 1, message.error);
                            message.body = "error";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.subscribe = $root.panoptes.v1.Subscribe.decode(reader, reader.size(), $undefined, _depth + 1, message.subscribe);
                            message.body = "subscribe";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Frame;
        })();

        v1.Welcome = (function() {

            /**
             * Properties of a Welcome.
             * @typedef {Object} panoptes.v1.Welcome.$Properties
             * @property {string|null} [probeId] Welcome probeId
             * @property {string|null} [version] Welcome version
             * @property {number|null} [schema] Welcome schema
             * @property {number|null} [startSeconds] Welcome startSeconds
             * @property {string|null} [runId] Welcome runId
             * @property {number|null} [firstBatch] Welcome firstBatch
             * @property {number|null} [lastBatch] Welcome lastBatch
             * @property {string|null} [source] Welcome source
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Welcome.
             * @memberof panoptes.v1
             * @interface IWelcome
             * @augments panoptes.v1.Welcome.$Properties
             * @deprecated Use panoptes.v1.Welcome.$Properties instead.
             */

            /**
             * Shape of a Welcome.
             * @typedef {panoptes.v1.Welcome.$Properties} panoptes.v1.Welcome.$Shape
             */

            /**
             * Constructs a new Welcome.
             * @memberof panoptes.v1
             * @classdesc Represents a Welcome.
             * @constructor
             * @param {panoptes.v1.Welcome.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Welcome = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Welcome probeId.
             * @member {string} probeId
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.probeId = "";

            /**
             * Welcome version.
             * @member {string} version
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.version = "";

            /**
             * Welcome schema.
             * @member {number} schema
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.schema = 0;

            /**
             * Welcome startSeconds.
             * @member {number} startSeconds
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.startSeconds = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Welcome runId.
             * @member {string} runId
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.runId = "";

            /**
             * Welcome firstBatch.
             * @member {number} firstBatch
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.firstBatch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Welcome lastBatch.
             * @member {number} lastBatch
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.lastBatch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Welcome source.
             * @member {string} source
             * @memberof panoptes.v1.Welcome
             * @instance
             */
            Welcome.prototype.source = "";

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link panoptes.v1.Welcome.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.Welcome
             * @static
             * @param {panoptes.v1.Welcome.$Properties} message Welcome message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Welcome.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.probeId != null && $Object.hasOwnProperty.call(message, "probeId") && message.probeId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.probeId);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.version);
                if (message.schema != null && $Object.hasOwnProperty.call(message, "schema") && message.schema !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.schema);
                if (message.startSeconds != null && $Object.hasOwnProperty.call(message, "startSeconds") && (typeof message.startSeconds === "object" ? message.startSeconds.low || message.startSeconds.high : message.startSeconds !== 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).fixed64(message.startSeconds);
                if (message.runId != null && $Object.hasOwnProperty.call(message, "runId") && message.runId !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.runId);
                if (message.firstBatch != null && $Object.hasOwnProperty.call(message, "firstBatch") && (typeof message.firstBatch === "object" ? message.firstBatch.low || message.firstBatch.high : message.firstBatch !== 0))
                    writer.uint32(/* id 6, wireType 1 =*/49).fixed64(message.firstBatch);
                if (message.lastBatch != null && $Object.hasOwnProperty.call(message, "lastBatch") && (typeof message.lastBatch === "object" ? message.lastBatch.low || message.lastBatch.high : message.lastBatch !== 0))
                    writer.uint32(/* id 7, wireType 1 =*/57).fixed64(message.lastBatch);
                if (message.source != null && $Object.hasOwnProperty.call(message, "source") && message.source !== "")
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.source);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.Welcome
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.Welcome & panoptes.v1.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Welcome.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.Welcome();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.probeId = value;
                            else
                                delete message.probeId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.schema = value;
                            else
                                delete message.schema;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.startSeconds = value;
                            else
                                delete message.startSeconds;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.runId = value;
                            else
                                delete message.runId;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstBatch = value;
                            else
                                delete message.firstBatch;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastBatch = value;
                            else
                                delete message.lastBatch;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.source = value;
                            else
                                delete message.source;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Welcome;
        })();

        v1.Subscribe = (function() {

            /**
             * Properties of a Subscribe.
             * @typedef {Object} panoptes.v1.Subscribe.$Properties
             * @property {string|null} [filter] Subscribe filter
             * @property {number|null} [after] Subscribe after
             * @property {string|null} [runId] Subscribe runId
             * @property {boolean|null} [wantPayload] Subscribe wantPayload
             * @property {boolean|null} [wantAll] Subscribe wantAll
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Subscribe.
             * @memberof panoptes.v1
             * @interface ISubscribe
             * @augments panoptes.v1.Subscribe.$Properties
             * @deprecated Use panoptes.v1.Subscribe.$Properties instead.
             */

            /**
             * Shape of a Subscribe.
             * @typedef {panoptes.v1.Subscribe.$Properties} panoptes.v1.Subscribe.$Shape
             */

            /**
             * Constructs a new Subscribe.
             * @memberof panoptes.v1
             * @classdesc Represents a Subscribe.
             * @constructor
             * @param {panoptes.v1.Subscribe.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Subscribe = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Subscribe filter.
             * @member {string} filter
             * @memberof panoptes.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.filter = "";

            /**
             * Subscribe after.
             * @member {number} after
             * @memberof panoptes.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.after = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Subscribe runId.
             * @member {string} runId
             * @memberof panoptes.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.runId = "";

            /**
             * Subscribe wantPayload.
             * @member {boolean} wantPayload
             * @memberof panoptes.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.wantPayload = false;

            /**
             * Subscribe wantAll.
             * @member {boolean} wantAll
             * @memberof panoptes.v1.Subscribe
             * @instance
             */
            Subscribe.prototype.wantAll = false;

            /**
             * Encodes the specified Subscribe message. Does not implicitly {@link panoptes.v1.Subscribe.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.Subscribe
             * @static
             * @param {panoptes.v1.Subscribe.$Properties} message Subscribe message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Subscribe.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.filter != null && $Object.hasOwnProperty.call(message, "filter") && message.filter !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.filter);
                if (message.after != null && $Object.hasOwnProperty.call(message, "after") && (typeof message.after === "object" ? message.after.low || message.after.high : message.after !== 0))
                    writer.uint32(/* id 2, wireType 1 =*/17).fixed64(message.after);
                if (message.runId != null && $Object.hasOwnProperty.call(message, "runId") && message.runId !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.runId);
                if (message.wantPayload != null && $Object.hasOwnProperty.call(message, "wantPayload") && message.wantPayload !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.wantPayload);
                if (message.wantAll != null && $Object.hasOwnProperty.call(message, "wantAll") && message.wantAll !== false)
                    writer.uint32(/* id 5, wireType 0 =*/40).bool(message.wantAll);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Subscribe message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.Subscribe
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.Subscribe & panoptes.v1.Subscribe.$Shape} Subscribe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Subscribe.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.Subscribe();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.filter = value;
                            else
                                delete message.filter;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.after = value;
                            else
                                delete message.after;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.runId = value;
                            else
                                delete message.runId;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.wantPayload = value;
                            else
                                delete message.wantPayload;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.wantAll = value;
                            else
                                delete message.wantAll;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Subscribe;
        })();

        v1.Gap = (function() {

            /**
             * Properties of a Gap.
             * @typedef {Object} panoptes.v1.Gap.$Properties
             * @property {number|null} [batches] Gap batches
             * @property {number|null} [records] Gap records
             * @property {string|null} [reason] Gap reason
             * @property {number|null} [packets] Gap packets
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Gap.
             * @memberof panoptes.v1
             * @interface IGap
             * @augments panoptes.v1.Gap.$Properties
             * @deprecated Use panoptes.v1.Gap.$Properties instead.
             */

            /**
             * Shape of a Gap.
             * @typedef {panoptes.v1.Gap.$Properties} panoptes.v1.Gap.$Shape
             */

            /**
             * Constructs a new Gap.
             * @memberof panoptes.v1
             * @classdesc Represents a Gap.
             * @constructor
             * @param {panoptes.v1.Gap.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Gap = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Gap batches.
             * @member {number} batches
             * @memberof panoptes.v1.Gap
             * @instance
             */
            Gap.prototype.batches = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Gap records.
             * @member {number} records
             * @memberof panoptes.v1.Gap
             * @instance
             */
            Gap.prototype.records = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Gap reason.
             * @member {string} reason
             * @memberof panoptes.v1.Gap
             * @instance
             */
            Gap.prototype.reason = "";

            /**
             * Gap packets.
             * @member {number} packets
             * @memberof panoptes.v1.Gap
             * @instance
             */
            Gap.prototype.packets = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified Gap message. Does not implicitly {@link panoptes.v1.Gap.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.Gap
             * @static
             * @param {panoptes.v1.Gap.$Properties} message Gap message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Gap.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.batches != null && $Object.hasOwnProperty.call(message, "batches") && (typeof message.batches === "object" ? message.batches.low || message.batches.high : message.batches !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.batches);
                if (message.records != null && $Object.hasOwnProperty.call(message, "records") && (typeof message.records === "object" ? message.records.low || message.records.high : message.records !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.records);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.reason);
                if (message.packets != null && $Object.hasOwnProperty.call(message, "packets") && (typeof message.packets === "object" ? message.packets.low || message.packets.high : message.packets !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.packets);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Gap message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.Gap
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.Gap & panoptes.v1.Gap.$Shape} Gap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Gap.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.Gap();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.batches = value;
                            else
                                delete message.batches;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.records = value;
                            else
                                delete message.records;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.packets = value;
                            else
                                delete message.packets;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Gap;
        })();

        v1.Error = (function() {

            /**
             * Properties of an Error.
             * @typedef {Object} panoptes.v1.Error.$Properties
             * @property {string|null} [code] Error code
             * @property {string|null} [message] Error message
             * @property {string|null} [hint] Error hint
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Error.
             * @memberof panoptes.v1
             * @interface IError
             * @augments panoptes.v1.Error.$Properties
             * @deprecated Use panoptes.v1.Error.$Properties instead.
             */

            /**
             * Shape of an Error.
             * @typedef {panoptes.v1.Error.$Properties} panoptes.v1.Error.$Shape
             */

            /**
             * Constructs a new Error.
             * @memberof panoptes.v1
             * @classdesc Represents an Error.
             * @constructor
             * @param {panoptes.v1.Error.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Error = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Error code.
             * @member {string} code
             * @memberof panoptes.v1.Error
             * @instance
             */
            Error.prototype.code = "";

            /**
             * Error message.
             * @member {string} message
             * @memberof panoptes.v1.Error
             * @instance
             */
            Error.prototype.message = "";

            /**
             * Error hint.
             * @member {string} hint
             * @memberof panoptes.v1.Error
             * @instance
             */
            Error.prototype.hint = "";

            /**
             * Encodes the specified Error message. Does not implicitly {@link panoptes.v1.Error.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.Error
             * @static
             * @param {panoptes.v1.Error.$Properties} message Error message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Error.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.code);
                if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
                if (message.hint != null && $Object.hasOwnProperty.call(message, "hint") && message.hint !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.hint);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Error message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.Error
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.Error & panoptes.v1.Error.$Shape} Error
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Error.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.Error();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.message = value;
                            else
                                delete message.message;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.hint = value;
                            else
                                delete message.hint;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Error;
        })();

        v1.FlowBatch = (function() {

            /**
             * Properties of a FlowBatch.
             * @typedef {Object} panoptes.v1.FlowBatch.$Properties
             * @property {number|null} [number] FlowBatch number
             * @property {number|null} [rows] FlowBatch rows
             * @property {number|null} [baseSeconds] FlowBatch baseSeconds
             * @property {number|null} [firstRecord] FlowBatch firstRecord
             * @property {Array.<panoptes.v1.Column.$Properties>|null} [columns] FlowBatch columns
             * @property {Array.<panoptes.v1.RowSet.$Properties>|null} [rowSets] FlowBatch rowSets
             * @property {Uint8Array|null} [ipv4Dictionary] FlowBatch ipv4Dictionary
             * @property {Uint8Array|null} [ipv6Dictionary] FlowBatch ipv6Dictionary
             * @property {Uint8Array|null} [macDictionary] FlowBatch macDictionary
             * @property {Uint8Array|null} [payload] FlowBatch payload
             * @property {number|null} [filteredRows] FlowBatch filteredRows
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a FlowBatch.
             * @memberof panoptes.v1
             * @interface IFlowBatch
             * @augments panoptes.v1.FlowBatch.$Properties
             * @deprecated Use panoptes.v1.FlowBatch.$Properties instead.
             */

            /**
             * Shape of a FlowBatch.
             * @typedef {panoptes.v1.FlowBatch.$Properties} panoptes.v1.FlowBatch.$Shape
             */

            /**
             * Constructs a new FlowBatch.
             * @memberof panoptes.v1
             * @classdesc Represents a FlowBatch.
             * @constructor
             * @param {panoptes.v1.FlowBatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const FlowBatch = function (properties) {
                this.columns = [];
                this.rowSets = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * FlowBatch number.
             * @member {number} number
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.number = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * FlowBatch rows.
             * @member {number} rows
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.rows = 0;

            /**
             * FlowBatch baseSeconds.
             * @member {number} baseSeconds
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.baseSeconds = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * FlowBatch firstRecord.
             * @member {number} firstRecord
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.firstRecord = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * FlowBatch columns.
             * @member {Array.<panoptes.v1.Column.$Properties>} columns
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.columns = $util.emptyArray;

            /**
             * FlowBatch rowSets.
             * @member {Array.<panoptes.v1.RowSet.$Properties>} rowSets
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.rowSets = $util.emptyArray;

            /**
             * FlowBatch ipv4Dictionary.
             * @member {Uint8Array} ipv4Dictionary
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.ipv4Dictionary = $util.newBuffer([]);

            /**
             * FlowBatch ipv6Dictionary.
             * @member {Uint8Array} ipv6Dictionary
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.ipv6Dictionary = $util.newBuffer([]);

            /**
             * FlowBatch macDictionary.
             * @member {Uint8Array} macDictionary
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.macDictionary = $util.newBuffer([]);

            /**
             * FlowBatch payload.
             * @member {Uint8Array} payload
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.payload = $util.newBuffer([]);

            /**
             * FlowBatch filteredRows.
             * @member {number} filteredRows
             * @memberof panoptes.v1.FlowBatch
             * @instance
             */
            FlowBatch.prototype.filteredRows = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified FlowBatch message. Does not implicitly {@link panoptes.v1.FlowBatch.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.FlowBatch
             * @static
             * @param {panoptes.v1.FlowBatch.$Properties} message FlowBatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            FlowBatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.number != null && $Object.hasOwnProperty.call(message, "number") && (typeof message.number === "object" ? message.number.low || message.number.high : message.number !== 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).fixed64(message.number);
                if (message.rows != null && $Object.hasOwnProperty.call(message, "rows") && message.rows !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rows);
                if (message.baseSeconds != null && $Object.hasOwnProperty.call(message, "baseSeconds") && (typeof message.baseSeconds === "object" ? message.baseSeconds.low || message.baseSeconds.high : message.baseSeconds !== 0))
                    writer.uint32(/* id 3, wireType 1 =*/25).fixed64(message.baseSeconds);
                if (message.firstRecord != null && $Object.hasOwnProperty.call(message, "firstRecord") && (typeof message.firstRecord === "object" ? message.firstRecord.low || message.firstRecord.high : message.firstRecord !== 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).fixed64(message.firstRecord);
                if (message.columns != null && message.columns.length)
                    for (let i = 0; i < message.columns.length; ++i)
                        $root.panoptes.v1.Column.encode(message.columns[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.rowSets != null && message.rowSets.length)
                    for (let i = 0; i < message.rowSets.length; ++i)
                        $root.panoptes.v1.RowSet.encode(message.rowSets[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.ipv4Dictionary != null && $Object.hasOwnProperty.call(message, "ipv4Dictionary") && message.ipv4Dictionary.length)
                    writer.uint32(/* id 7, wireType 2 =*/58).bytes(message.ipv4Dictionary);
                if (message.ipv6Dictionary != null && $Object.hasOwnProperty.call(message, "ipv6Dictionary") && message.ipv6Dictionary.length)
                    writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.ipv6Dictionary);
                if (message.macDictionary != null && $Object.hasOwnProperty.call(message, "macDictionary") && message.macDictionary.length)
                    writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.macDictionary);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.payload);
                if (message.filteredRows != null && $Object.hasOwnProperty.call(message, "filteredRows") && (typeof message.filteredRows === "object" ? message.filteredRows.low || message.filteredRows.high : message.filteredRows !== 0))
                    writer.uint32(/* id 11, wireType 1 =*/89).fixed64(message.filteredRows);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a FlowBatch message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.FlowBatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.FlowBatch & panoptes.v1.FlowBatch.$Shape} FlowBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            FlowBatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.FlowBatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.number = value;
                            else
                                delete message.number;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rows = value;
                            else
                                delete message.rows;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.baseSeconds = value;
                            else
                                delete message.baseSeconds;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstRecord = value;
                            else
                                delete message.firstRecord;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.columns && message.columns.length))
                                message.columns = [];
                            message.columns.push($root.panoptes.v1.Column.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.rowSets && message.rowSets.length))
                                message.rowSets = [];
                            message.rowSets.push($root.panoptes.v1.RowSet.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.ipv4Dictionary = value;
                            else
                                delete message.ipv4Dictionary;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.ipv6Dictionary = value;
                            else
                                delete message.ipv6Dictionary;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.macDictionary = value;
                            else
                                delete message.macDictionary;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.filteredRows = value;
                            else
                                delete message.filteredRows;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return FlowBatch;
        })();

        v1.RowSet = (function() {

            /**
             * Properties of a RowSet.
             * @typedef {Object} panoptes.v1.RowSet.$Properties
             * @property {Uint8Array|null} [rowNumbers] RowSet rowNumbers
             * @property {Uint8Array|null} [bitmap] RowSet bitmap
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RowSet.
             * @memberof panoptes.v1
             * @interface IRowSet
             * @augments panoptes.v1.RowSet.$Properties
             * @deprecated Use panoptes.v1.RowSet.$Properties instead.
             */

            /**
             * Shape of a RowSet.
             * @typedef {panoptes.v1.RowSet.$Properties} panoptes.v1.RowSet.$Shape
             */

            /**
             * Constructs a new RowSet.
             * @memberof panoptes.v1
             * @classdesc Represents a RowSet.
             * @constructor
             * @param {panoptes.v1.RowSet.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RowSet = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RowSet rowNumbers.
             * @member {Uint8Array} rowNumbers
             * @memberof panoptes.v1.RowSet
             * @instance
             */
            RowSet.prototype.rowNumbers = $util.newBuffer([]);

            /**
             * RowSet bitmap.
             * @member {Uint8Array} bitmap
             * @memberof panoptes.v1.RowSet
             * @instance
             */
            RowSet.prototype.bitmap = $util.newBuffer([]);

            /**
             * Encodes the specified RowSet message. Does not implicitly {@link panoptes.v1.RowSet.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.RowSet
             * @static
             * @param {panoptes.v1.RowSet.$Properties} message RowSet message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RowSet.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rowNumbers != null && $Object.hasOwnProperty.call(message, "rowNumbers") && message.rowNumbers.length)
                    writer.uint32(/* id 1, wireType 2 =*/10).bytes(message.rowNumbers);
                if (message.bitmap != null && $Object.hasOwnProperty.call(message, "bitmap") && message.bitmap.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.bitmap);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RowSet message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.RowSet
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.RowSet & panoptes.v1.RowSet.$Shape} RowSet
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RowSet.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.RowSet();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.rowNumbers = value;
                            else
                                delete message.rowNumbers;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.bitmap = value;
                            else
                                delete message.bitmap;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RowSet;
        })();

        v1.Column = (function() {

            /**
             * Properties of a Column.
             * @typedef {Object} panoptes.v1.Column.$Properties
             * @property {panoptes.v1.ColumnId|null} [id] Column id
             * @property {number|null} [rowSet] Column rowSet
             * @property {number|null} [width] Column width
             * @property {number|null} [base] Column base
             * @property {number|null} [scale] Column scale
             * @property {Uint8Array|null} [values] Column values
             * @property {number|null} [baseFloat] Column baseFloat
             * @property {Uint8Array|null} [patchPlaces] Column patchPlaces
             * @property {Uint8Array|null} [patchValues] Column patchValues
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Column.
             * @memberof panoptes.v1
             * @interface IColumn
             * @augments panoptes.v1.Column.$Properties
             * @deprecated Use panoptes.v1.Column.$Properties instead.
             */

            /**
             * Shape of a Column.
             * @typedef {panoptes.v1.Column.$Properties} panoptes.v1.Column.$Shape
             */

            /**
             * Constructs a new Column.
             * @memberof panoptes.v1
             * @classdesc Represents a Column.
             * @constructor
             * @param {panoptes.v1.Column.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Column = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Column id.
             * @member {panoptes.v1.ColumnId} id
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.id = 0;

            /**
             * Column rowSet.
             * @member {number} rowSet
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.rowSet = 0;

            /**
             * Column width.
             * @member {number} width
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.width = 0;

            /**
             * Column base.
             * @member {number} base
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.base = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Column scale.
             * @member {number} scale
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.scale = 0;

            /**
             * Column values.
             * @member {Uint8Array} values
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.values = $util.newBuffer([]);

            /**
             * Column baseFloat.
             * @member {number} baseFloat
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.baseFloat = 0;

            /**
             * Column patchPlaces.
             * @member {Uint8Array} patchPlaces
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.patchPlaces = $util.newBuffer([]);

            /**
             * Column patchValues.
             * @member {Uint8Array} patchValues
             * @memberof panoptes.v1.Column
             * @instance
             */
            Column.prototype.patchValues = $util.newBuffer([]);

            /**
             * Encodes the specified Column message. Does not implicitly {@link panoptes.v1.Column.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.Column
             * @static
             * @param {panoptes.v1.Column.$Properties} message Column message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Column.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.id);
                if (message.rowSet != null && $Object.hasOwnProperty.call(message, "rowSet") && message.rowSet !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.rowSet);
                if (message.width != null && $Object.hasOwnProperty.call(message, "width") && message.width !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.width);
                if (message.base != null && $Object.hasOwnProperty.call(message, "base") && (typeof message.base === "object" ? message.base.low || message.base.high : message.base !== 0))
                    writer.uint32(/* id 4, wireType 1 =*/33).fixed64(message.base);
                if (message.scale != null && $Object.hasOwnProperty.call(message, "scale") && message.scale !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.scale);
                if (message.values != null && $Object.hasOwnProperty.call(message, "values") && message.values.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.values);
                if (message.baseFloat != null && $Object.hasOwnProperty.call(message, "baseFloat") && !$Object.is(message.baseFloat, 0))
                    writer.uint32(/* id 7, wireType 1 =*/57).double(message.baseFloat);
                if (message.patchPlaces != null && $Object.hasOwnProperty.call(message, "patchPlaces") && message.patchPlaces.length)
                    writer.uint32(/* id 8, wireType 2 =*/66).bytes(message.patchPlaces);
                if (message.patchValues != null && $Object.hasOwnProperty.call(message, "patchValues") && message.patchValues.length)
                    writer.uint32(/* id 9, wireType 2 =*/74).bytes(message.patchValues);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Column message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.Column
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.Column & panoptes.v1.Column.$Shape} Column
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Column.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.Column();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rowSet = value;
                            else
                                delete message.rowSet;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.width = value;
                            else
                                delete message.width;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.base = value;
                            else
                                delete message.base;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.scale = value;
                            else
                                delete message.scale;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.values = value;
                            else
                                delete message.values;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 1)
                                break;
                            if (!$Object.is(value = reader.double(), 0))
                                message.baseFloat = value;
                            else
                                delete message.baseFloat;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.patchPlaces = value;
                            else
                                delete message.patchPlaces;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.patchValues = value;
                            else
                                delete message.patchValues;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Column;
        })();

        /**
         * ColumnId enum.
         * @name panoptes.v1.ColumnId
         * @enum {number}
         * @property {number} COLUMN_UNSPECIFIED=0 COLUMN_UNSPECIFIED value
         * @property {number} FLOW_ID=1 FLOW_ID value
         * @property {number} CAUSE=2 CAUSE value
         * @property {number} REASON=3 REASON value
         * @property {number} KIND=4 KIND value
         * @property {number} PROTOCOL=5 PROTOCOL value
         * @property {number} SRC_ADDRESS=6 SRC_ADDRESS value
         * @property {number} DST_ADDRESS=7 DST_ADDRESS value
         * @property {number} SRC_PORT=8 SRC_PORT value
         * @property {number} DST_PORT=9 DST_PORT value
         * @property {number} EVIDENCE=10 EVIDENCE value
         * @property {number} ETHERTYPE=11 ETHERTYPE value
         * @property {number} LINK_CONTEXT=12 LINK_CONTEXT value
         * @property {number} DNS_ID=13 DNS_ID value
         * @property {number} START=16 START value
         * @property {number} SRC_FIRST=17 SRC_FIRST value
         * @property {number} SRC_SPAN=18 SRC_SPAN value
         * @property {number} DST_FIRST=19 DST_FIRST value
         * @property {number} DST_SPAN=20 DST_SPAN value
         * @property {number} SRC_PACKETS=24 SRC_PACKETS value
         * @property {number} DST_PACKETS=25 DST_PACKETS value
         * @property {number} SRC_BYTES=26 SRC_BYTES value
         * @property {number} DST_BYTES=27 DST_BYTES value
         * @property {number} SRC_APP_BYTES=28 SRC_APP_BYTES value
         * @property {number} DST_APP_BYTES=29 DST_APP_BYTES value
         * @property {number} SRC_MIN_SIZE=30 SRC_MIN_SIZE value
         * @property {number} DST_MIN_SIZE=31 DST_MIN_SIZE value
         * @property {number} SRC_MAX_SIZE=32 SRC_MAX_SIZE value
         * @property {number} DST_MAX_SIZE=33 DST_MAX_SIZE value
         * @property {number} SRC_FRAGMENTS=34 SRC_FRAGMENTS value
         * @property {number} DST_FRAGMENTS=35 DST_FRAGMENTS value
         * @property {number} SRC_MAC=40 SRC_MAC value
         * @property {number} DST_MAC=41 DST_MAC value
         * @property {number} SRC_VLAN=42 SRC_VLAN value
         * @property {number} DST_VLAN=43 DST_VLAN value
         * @property {number} INNER_VLAN=44 INNER_VLAN value
         * @property {number} SRC_TTL=48 SRC_TTL value
         * @property {number} DST_TTL=49 DST_TTL value
         * @property {number} SRC_TTL_MIN=50 SRC_TTL_MIN value
         * @property {number} DST_TTL_MIN=51 DST_TTL_MIN value
         * @property {number} SRC_TTL_MAX=52 SRC_TTL_MAX value
         * @property {number} DST_TTL_MAX=53 DST_TTL_MAX value
         * @property {number} SRC_TOS=54 SRC_TOS value
         * @property {number} DST_TOS=55 DST_TOS value
         * @property {number} SRC_IP_ID=56 SRC_IP_ID value
         * @property {number} DST_IP_ID=57 DST_IP_ID value
         * @property {number} SRC_IP_FLAGS=58 SRC_IP_FLAGS value
         * @property {number} DST_IP_FLAGS=59 DST_IP_FLAGS value
         * @property {number} SRC_CE_PACKETS=60 SRC_CE_PACKETS value
         * @property {number} DST_CE_PACKETS=61 DST_CE_PACKETS value
         * @property {number} TCP_STATE=64 TCP_STATE value
         * @property {number} SRC_TCP_FLAGS=65 SRC_TCP_FLAGS value
         * @property {number} DST_TCP_FLAGS=66 DST_TCP_FLAGS value
         * @property {number} SRC_TCP_OPTIONS=67 SRC_TCP_OPTIONS value
         * @property {number} DST_TCP_OPTIONS=68 DST_TCP_OPTIONS value
         * @property {number} SRC_TCP_BASE=69 SRC_TCP_BASE value
         * @property {number} DST_TCP_BASE=70 DST_TCP_BASE value
         * @property {number} SRC_MSS=71 SRC_MSS value
         * @property {number} DST_MSS=72 DST_MSS value
         * @property {number} SRC_WINDOW_SHIFT=73 SRC_WINDOW_SHIFT value
         * @property {number} DST_WINDOW_SHIFT=74 DST_WINDOW_SHIFT value
         * @property {number} SRC_WINDOW=75 SRC_WINDOW value
         * @property {number} DST_WINDOW=76 DST_WINDOW value
         * @property {number} SRC_WINDOW_MIN=77 SRC_WINDOW_MIN value
         * @property {number} DST_WINDOW_MIN=78 DST_WINDOW_MIN value
         * @property {number} SRC_WINDOW_MAX=79 SRC_WINDOW_MAX value
         * @property {number} DST_WINDOW_MAX=80 DST_WINDOW_MAX value
         * @property {number} SRC_ZERO_WINDOWS=81 SRC_ZERO_WINDOWS value
         * @property {number} DST_ZERO_WINDOWS=82 DST_ZERO_WINDOWS value
         * @property {number} SYNACK=83 SYNACK value
         * @property {number} ACKDAT=84 ACKDAT value
         * @property {number} SRC_GAP_LEAD=96 SRC_GAP_LEAD value
         * @property {number} DST_GAP_LEAD=97 DST_GAP_LEAD value
         * @property {number} SRC_GAP_M2=98 SRC_GAP_M2 value
         * @property {number} DST_GAP_M2=99 DST_GAP_M2 value
         * @property {number} SRC_GAP_MIN=100 SRC_GAP_MIN value
         * @property {number} DST_GAP_MIN=101 DST_GAP_MIN value
         * @property {number} SRC_GAP_MAX=102 SRC_GAP_MAX value
         * @property {number} DST_GAP_MAX=103 DST_GAP_MAX value
         * @property {number} ICMP_TYPE=112 ICMP_TYPE value
         * @property {number} ICMP_CODE=113 ICMP_CODE value
         * @property {number} ICMP_ID=114 ICMP_ID value
         * @property {number} ARP_OPERATION=115 ARP_OPERATION value
         * @property {number} SRC_PAYLOAD=120 SRC_PAYLOAD value
         * @property {number} DST_PAYLOAD=121 DST_PAYLOAD value
         */
        v1.ColumnId = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "COLUMN_UNSPECIFIED"] = 0;
            values[valuesById[1] = "FLOW_ID"] = 1;
            values[valuesById[2] = "CAUSE"] = 2;
            values[valuesById[3] = "REASON"] = 3;
            values[valuesById[4] = "KIND"] = 4;
            values[valuesById[5] = "PROTOCOL"] = 5;
            values[valuesById[6] = "SRC_ADDRESS"] = 6;
            values[valuesById[7] = "DST_ADDRESS"] = 7;
            values[valuesById[8] = "SRC_PORT"] = 8;
            values[valuesById[9] = "DST_PORT"] = 9;
            values[valuesById[10] = "EVIDENCE"] = 10;
            values[valuesById[11] = "ETHERTYPE"] = 11;
            values[valuesById[12] = "LINK_CONTEXT"] = 12;
            values[valuesById[13] = "DNS_ID"] = 13;
            values[valuesById[16] = "START"] = 16;
            values[valuesById[17] = "SRC_FIRST"] = 17;
            values[valuesById[18] = "SRC_SPAN"] = 18;
            values[valuesById[19] = "DST_FIRST"] = 19;
            values[valuesById[20] = "DST_SPAN"] = 20;
            values[valuesById[24] = "SRC_PACKETS"] = 24;
            values[valuesById[25] = "DST_PACKETS"] = 25;
            values[valuesById[26] = "SRC_BYTES"] = 26;
            values[valuesById[27] = "DST_BYTES"] = 27;
            values[valuesById[28] = "SRC_APP_BYTES"] = 28;
            values[valuesById[29] = "DST_APP_BYTES"] = 29;
            values[valuesById[30] = "SRC_MIN_SIZE"] = 30;
            values[valuesById[31] = "DST_MIN_SIZE"] = 31;
            values[valuesById[32] = "SRC_MAX_SIZE"] = 32;
            values[valuesById[33] = "DST_MAX_SIZE"] = 33;
            values[valuesById[34] = "SRC_FRAGMENTS"] = 34;
            values[valuesById[35] = "DST_FRAGMENTS"] = 35;
            values[valuesById[40] = "SRC_MAC"] = 40;
            values[valuesById[41] = "DST_MAC"] = 41;
            values[valuesById[42] = "SRC_VLAN"] = 42;
            values[valuesById[43] = "DST_VLAN"] = 43;
            values[valuesById[44] = "INNER_VLAN"] = 44;
            values[valuesById[48] = "SRC_TTL"] = 48;
            values[valuesById[49] = "DST_TTL"] = 49;
            values[valuesById[50] = "SRC_TTL_MIN"] = 50;
            values[valuesById[51] = "DST_TTL_MIN"] = 51;
            values[valuesById[52] = "SRC_TTL_MAX"] = 52;
            values[valuesById[53] = "DST_TTL_MAX"] = 53;
            values[valuesById[54] = "SRC_TOS"] = 54;
            values[valuesById[55] = "DST_TOS"] = 55;
            values[valuesById[56] = "SRC_IP_ID"] = 56;
            values[valuesById[57] = "DST_IP_ID"] = 57;
            values[valuesById[58] = "SRC_IP_FLAGS"] = 58;
            values[valuesById[59] = "DST_IP_FLAGS"] = 59;
            values[valuesById[60] = "SRC_CE_PACKETS"] = 60;
            values[valuesById[61] = "DST_CE_PACKETS"] = 61;
            values[valuesById[64] = "TCP_STATE"] = 64;
            values[valuesById[65] = "SRC_TCP_FLAGS"] = 65;
            values[valuesById[66] = "DST_TCP_FLAGS"] = 66;
            values[valuesById[67] = "SRC_TCP_OPTIONS"] = 67;
            values[valuesById[68] = "DST_TCP_OPTIONS"] = 68;
            values[valuesById[69] = "SRC_TCP_BASE"] = 69;
            values[valuesById[70] = "DST_TCP_BASE"] = 70;
            values[valuesById[71] = "SRC_MSS"] = 71;
            values[valuesById[72] = "DST_MSS"] = 72;
            values[valuesById[73] = "SRC_WINDOW_SHIFT"] = 73;
            values[valuesById[74] = "DST_WINDOW_SHIFT"] = 74;
            values[valuesById[75] = "SRC_WINDOW"] = 75;
            values[valuesById[76] = "DST_WINDOW"] = 76;
            values[valuesById[77] = "SRC_WINDOW_MIN"] = 77;
            values[valuesById[78] = "DST_WINDOW_MIN"] = 78;
            values[valuesById[79] = "SRC_WINDOW_MAX"] = 79;
            values[valuesById[80] = "DST_WINDOW_MAX"] = 80;
            values[valuesById[81] = "SRC_ZERO_WINDOWS"] = 81;
            values[valuesById[82] = "DST_ZERO_WINDOWS"] = 82;
            values[valuesById[83] = "SYNACK"] = 83;
            values[valuesById[84] = "ACKDAT"] = 84;
            values[valuesById[96] = "SRC_GAP_LEAD"] = 96;
            values[valuesById[97] = "DST_GAP_LEAD"] = 97;
            values[valuesById[98] = "SRC_GAP_M2"] = 98;
            values[valuesById[99] = "DST_GAP_M2"] = 99;
            values[valuesById[100] = "SRC_GAP_MIN"] = 100;
            values[valuesById[101] = "DST_GAP_MIN"] = 101;
            values[valuesById[102] = "SRC_GAP_MAX"] = 102;
            values[valuesById[103] = "DST_GAP_MAX"] = 103;
            values[valuesById[112] = "ICMP_TYPE"] = 112;
            values[valuesById[113] = "ICMP_CODE"] = 113;
            values[valuesById[114] = "ICMP_ID"] = 114;
            values[valuesById[115] = "ARP_OPERATION"] = 115;
            values[valuesById[120] = "SRC_PAYLOAD"] = 120;
            values[valuesById[121] = "DST_PAYLOAD"] = 121;
            return values;
        })();

        /**
         * Cause enum.
         * @name panoptes.v1.Cause
         * @enum {number}
         * @property {number} CAUSE_NONE=0 CAUSE_NONE value
         * @property {number} CAUSE_START=1 CAUSE_START value
         * @property {number} CAUSE_STATUS=2 CAUSE_STATUS value
         * @property {number} CAUSE_END=3 CAUSE_END value
         */
        v1.Cause = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "CAUSE_NONE"] = 0;
            values[valuesById[1] = "CAUSE_START"] = 1;
            values[valuesById[2] = "CAUSE_STATUS"] = 2;
            values[valuesById[3] = "CAUSE_END"] = 3;
            return values;
        })();

        /**
         * EndReason enum.
         * @name panoptes.v1.EndReason
         * @enum {number}
         * @property {number} REASON_NONE=0 REASON_NONE value
         * @property {number} REASON_FIN=1 REASON_FIN value
         * @property {number} REASON_RST=2 REASON_RST value
         * @property {number} REASON_ANSWERED=3 REASON_ANSWERED value
         * @property {number} REASON_IDLE=4 REASON_IDLE value
         * @property {number} REASON_EVICTED=5 REASON_EVICTED value
         * @property {number} REASON_REUSED=6 REASON_REUSED value
         * @property {number} REASON_SHUTDOWN=7 REASON_SHUTDOWN value
         */
        v1.EndReason = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "REASON_NONE"] = 0;
            values[valuesById[1] = "REASON_FIN"] = 1;
            values[valuesById[2] = "REASON_RST"] = 2;
            values[valuesById[3] = "REASON_ANSWERED"] = 3;
            values[valuesById[4] = "REASON_IDLE"] = 4;
            values[valuesById[5] = "REASON_EVICTED"] = 5;
            values[valuesById[6] = "REASON_REUSED"] = 6;
            values[valuesById[7] = "REASON_SHUTDOWN"] = 7;
            return values;
        })();

        /**
         * FlowKind enum.
         * @name panoptes.v1.FlowKind
         * @enum {number}
         * @property {number} KIND_NONE=0 KIND_NONE value
         * @property {number} KIND_IPV4=1 KIND_IPV4 value
         * @property {number} KIND_IPV6=2 KIND_IPV6 value
         * @property {number} KIND_ARP=3 KIND_ARP value
         * @property {number} KIND_ETHERNET=4 KIND_ETHERNET value
         * @property {number} KIND_RARP=5 KIND_RARP value
         */
        v1.FlowKind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "KIND_NONE"] = 0;
            values[valuesById[1] = "KIND_IPV4"] = 1;
            values[valuesById[2] = "KIND_IPV6"] = 2;
            values[valuesById[3] = "KIND_ARP"] = 3;
            values[valuesById[4] = "KIND_ETHERNET"] = 4;
            values[valuesById[5] = "KIND_RARP"] = 5;
            return values;
        })();

        /**
         * Evidence enum.
         * @name panoptes.v1.Evidence
         * @enum {number}
         * @property {number} EVIDENCE_NONE=0 EVIDENCE_NONE value
         * @property {number} EVIDENCE_SYN=1 EVIDENCE_SYN value
         * @property {number} EVIDENCE_SYN_ACK=2 EVIDENCE_SYN_ACK value
         * @property {number} EVIDENCE_REQUEST=3 EVIDENCE_REQUEST value
         * @property {number} EVIDENCE_LEARNED_PORT=4 EVIDENCE_LEARNED_PORT value
         * @property {number} EVIDENCE_KNOWN_PORT=5 EVIDENCE_KNOWN_PORT value
         * @property {number} EVIDENCE_FIRST_PACKET=6 EVIDENCE_FIRST_PACKET value
         */
        v1.Evidence = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "EVIDENCE_NONE"] = 0;
            values[valuesById[1] = "EVIDENCE_SYN"] = 1;
            values[valuesById[2] = "EVIDENCE_SYN_ACK"] = 2;
            values[valuesById[3] = "EVIDENCE_REQUEST"] = 3;
            values[valuesById[4] = "EVIDENCE_LEARNED_PORT"] = 4;
            values[valuesById[5] = "EVIDENCE_KNOWN_PORT"] = 5;
            values[valuesById[6] = "EVIDENCE_FIRST_PACKET"] = 6;
            return values;
        })();

        /**
         * TcpState enum.
         * @name panoptes.v1.TcpState
         * @enum {number}
         * @property {number} TCP_NONE=0 TCP_NONE value
         * @property {number} TCP_SYN=1 TCP_SYN value
         * @property {number} TCP_SYN_ACK=2 TCP_SYN_ACK value
         * @property {number} TCP_ESTABLISHED=4 TCP_ESTABLISHED value
         * @property {number} TCP_SRC_FIN=8 TCP_SRC_FIN value
         * @property {number} TCP_DST_FIN=16 TCP_DST_FIN value
         * @property {number} TCP_SRC_FIN_ACKED=32 TCP_SRC_FIN_ACKED value
         * @property {number} TCP_DST_FIN_ACKED=64 TCP_DST_FIN_ACKED value
         * @property {number} TCP_SRC_RST=128 TCP_SRC_RST value
         * @property {number} TCP_DST_RST=256 TCP_DST_RST value
         * @property {number} TCP_SRC_SCALED=512 TCP_SRC_SCALED value
         * @property {number} TCP_DST_SCALED=1024 TCP_DST_SCALED value
         */
        v1.TcpState = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "TCP_NONE"] = 0;
            values[valuesById[1] = "TCP_SYN"] = 1;
            values[valuesById[2] = "TCP_SYN_ACK"] = 2;
            values[valuesById[4] = "TCP_ESTABLISHED"] = 4;
            values[valuesById[8] = "TCP_SRC_FIN"] = 8;
            values[valuesById[16] = "TCP_DST_FIN"] = 16;
            values[valuesById[32] = "TCP_SRC_FIN_ACKED"] = 32;
            values[valuesById[64] = "TCP_DST_FIN_ACKED"] = 64;
            values[valuesById[128] = "TCP_SRC_RST"] = 128;
            values[valuesById[256] = "TCP_DST_RST"] = 256;
            values[valuesById[512] = "TCP_SRC_SCALED"] = 512;
            values[valuesById[1024] = "TCP_DST_SCALED"] = 1024;
            return values;
        })();

        /**
         * TcpOption enum.
         * @name panoptes.v1.TcpOption
         * @enum {number}
         * @property {number} OPTION_NONE=0 OPTION_NONE value
         * @property {number} OPTION_MSS=1 OPTION_MSS value
         * @property {number} OPTION_WINDOW_SCALE=2 OPTION_WINDOW_SCALE value
         * @property {number} OPTION_SACK_PERMITTED=4 OPTION_SACK_PERMITTED value
         * @property {number} OPTION_SACK=8 OPTION_SACK value
         * @property {number} OPTION_TIMESTAMP=16 OPTION_TIMESTAMP value
         * @property {number} OPTION_FAST_OPEN=32 OPTION_FAST_OPEN value
         * @property {number} OPTION_MPTCP=64 OPTION_MPTCP value
         * @property {number} OPTION_OTHER=128 OPTION_OTHER value
         */
        v1.TcpOption = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "OPTION_NONE"] = 0;
            values[valuesById[1] = "OPTION_MSS"] = 1;
            values[valuesById[2] = "OPTION_WINDOW_SCALE"] = 2;
            values[valuesById[4] = "OPTION_SACK_PERMITTED"] = 4;
            values[valuesById[8] = "OPTION_SACK"] = 8;
            values[valuesById[16] = "OPTION_TIMESTAMP"] = 16;
            values[valuesById[32] = "OPTION_FAST_OPEN"] = 32;
            values[valuesById[64] = "OPTION_MPTCP"] = 64;
            values[valuesById[128] = "OPTION_OTHER"] = 128;
            return values;
        })();

        /**
         * IpFlag enum.
         * @name panoptes.v1.IpFlag
         * @enum {number}
         * @property {number} IP_FLAG_NONE=0 IP_FLAG_NONE value
         * @property {number} IP_FLAG_DONT_FRAGMENT=1 IP_FLAG_DONT_FRAGMENT value
         * @property {number} IP_FLAG_FRAGMENT=2 IP_FLAG_FRAGMENT value
         * @property {number} IP_FLAG_RECORD_ROUTE=4 IP_FLAG_RECORD_ROUTE value
         * @property {number} IP_FLAG_TIMESTAMP=8 IP_FLAG_TIMESTAMP value
         * @property {number} IP_FLAG_SECURITY=16 IP_FLAG_SECURITY value
         * @property {number} IP_FLAG_SOURCE_ROUTE=32 IP_FLAG_SOURCE_ROUTE value
         * @property {number} IP_FLAG_ROUTER_ALERT=64 IP_FLAG_ROUTER_ALERT value
         * @property {number} IP_FLAG_OTHER_OPTION=128 IP_FLAG_OTHER_OPTION value
         * @property {number} IP_FLAG_MAC_CHANGED=256 IP_FLAG_MAC_CHANGED value
         */
        v1.IpFlag = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "IP_FLAG_NONE"] = 0;
            values[valuesById[1] = "IP_FLAG_DONT_FRAGMENT"] = 1;
            values[valuesById[2] = "IP_FLAG_FRAGMENT"] = 2;
            values[valuesById[4] = "IP_FLAG_RECORD_ROUTE"] = 4;
            values[valuesById[8] = "IP_FLAG_TIMESTAMP"] = 8;
            values[valuesById[16] = "IP_FLAG_SECURITY"] = 16;
            values[valuesById[32] = "IP_FLAG_SOURCE_ROUTE"] = 32;
            values[valuesById[64] = "IP_FLAG_ROUTER_ALERT"] = 64;
            values[valuesById[128] = "IP_FLAG_OTHER_OPTION"] = 128;
            values[valuesById[256] = "IP_FLAG_MAC_CHANGED"] = 256;
            return values;
        })();

        v1.ProbeStatus = (function() {

            /**
             * Properties of a ProbeStatus.
             * @typedef {Object} panoptes.v1.ProbeStatus.$Properties
             * @property {number|null} [timeSeconds] ProbeStatus timeSeconds
             * @property {number|null} [timeNanos] ProbeStatus timeNanos
             * @property {number|null} [packets] ProbeStatus packets
             * @property {number|null} [bytes] ProbeStatus bytes
             * @property {number|null} [records] ProbeStatus records
             * @property {number|null} [batches] ProbeStatus batches
             * @property {number|null} [flows] ProbeStatus flows
             * @property {number|null} [flowsOpened] ProbeStatus flowsOpened
             * @property {number|null} [dropped] ProbeStatus dropped
             * @property {number|null} [evicted] ProbeStatus evicted
             * @property {Array.<panoptes.v1.UndecodedCount.$Properties>|null} [undecoded] ProbeStatus undecoded
             * @property {number|null} [batchesDropped] ProbeStatus batchesDropped
             * @property {number|null} [recordsDropped] ProbeStatus recordsDropped
             * @property {number|null} [packetsDroppedInRecords] ProbeStatus packetsDroppedInRecords
             * @property {number|null} [queuedBatches] ProbeStatus queuedBatches
             * @property {Array.<panoptes.v1.SourceStatus.$Properties>|null} [sources] ProbeStatus sources
             * @property {number|null} [maxFlows] ProbeStatus maxFlows
             * @property {number|null} [payloadSkipped] ProbeStatus payloadSkipped
             * @property {boolean|null} [last] ProbeStatus last
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ProbeStatus.
             * @memberof panoptes.v1
             * @interface IProbeStatus
             * @augments panoptes.v1.ProbeStatus.$Properties
             * @deprecated Use panoptes.v1.ProbeStatus.$Properties instead.
             */

            /**
             * Shape of a ProbeStatus.
             * @typedef {panoptes.v1.ProbeStatus.$Properties} panoptes.v1.ProbeStatus.$Shape
             */

            /**
             * Constructs a new ProbeStatus.
             * @memberof panoptes.v1
             * @classdesc Represents a ProbeStatus.
             * @constructor
             * @param {panoptes.v1.ProbeStatus.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ProbeStatus = function (properties) {
                this.undecoded = [];
                this.sources = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ProbeStatus timeSeconds.
             * @member {number} timeSeconds
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.timeSeconds = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus timeNanos.
             * @member {number} timeNanos
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.timeNanos = 0;

            /**
             * ProbeStatus packets.
             * @member {number} packets
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.packets = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus bytes.
             * @member {number} bytes
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.bytes = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus records.
             * @member {number} records
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.records = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus batches.
             * @member {number} batches
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.batches = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus flows.
             * @member {number} flows
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.flows = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus flowsOpened.
             * @member {number} flowsOpened
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.flowsOpened = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus dropped.
             * @member {number} dropped
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.dropped = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus evicted.
             * @member {number} evicted
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.evicted = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus undecoded.
             * @member {Array.<panoptes.v1.UndecodedCount.$Properties>} undecoded
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.undecoded = $util.emptyArray;

            /**
             * ProbeStatus batchesDropped.
             * @member {number} batchesDropped
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.batchesDropped = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus recordsDropped.
             * @member {number} recordsDropped
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.recordsDropped = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus packetsDroppedInRecords.
             * @member {number} packetsDroppedInRecords
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.packetsDroppedInRecords = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus queuedBatches.
             * @member {number} queuedBatches
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.queuedBatches = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus sources.
             * @member {Array.<panoptes.v1.SourceStatus.$Properties>} sources
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.sources = $util.emptyArray;

            /**
             * ProbeStatus maxFlows.
             * @member {number} maxFlows
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.maxFlows = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus payloadSkipped.
             * @member {number} payloadSkipped
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.payloadSkipped = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ProbeStatus last.
             * @member {boolean} last
             * @memberof panoptes.v1.ProbeStatus
             * @instance
             */
            ProbeStatus.prototype.last = false;

            /**
             * Encodes the specified ProbeStatus message. Does not implicitly {@link panoptes.v1.ProbeStatus.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.ProbeStatus
             * @static
             * @param {panoptes.v1.ProbeStatus.$Properties} message ProbeStatus message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ProbeStatus.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.timeSeconds != null && $Object.hasOwnProperty.call(message, "timeSeconds") && (typeof message.timeSeconds === "object" ? message.timeSeconds.low || message.timeSeconds.high : message.timeSeconds !== 0))
                    writer.uint32(/* id 1, wireType 1 =*/9).fixed64(message.timeSeconds);
                if (message.timeNanos != null && $Object.hasOwnProperty.call(message, "timeNanos") && message.timeNanos !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.timeNanos);
                if (message.packets != null && $Object.hasOwnProperty.call(message, "packets") && (typeof message.packets === "object" ? message.packets.low || message.packets.high : message.packets !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.packets);
                if (message.bytes != null && $Object.hasOwnProperty.call(message, "bytes") && (typeof message.bytes === "object" ? message.bytes.low || message.bytes.high : message.bytes !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.bytes);
                if (message.records != null && $Object.hasOwnProperty.call(message, "records") && (typeof message.records === "object" ? message.records.low || message.records.high : message.records !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.records);
                if (message.batches != null && $Object.hasOwnProperty.call(message, "batches") && (typeof message.batches === "object" ? message.batches.low || message.batches.high : message.batches !== 0))
                    writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.batches);
                if (message.flows != null && $Object.hasOwnProperty.call(message, "flows") && (typeof message.flows === "object" ? message.flows.low || message.flows.high : message.flows !== 0))
                    writer.uint32(/* id 7, wireType 0 =*/56).uint64(message.flows);
                if (message.flowsOpened != null && $Object.hasOwnProperty.call(message, "flowsOpened") && (typeof message.flowsOpened === "object" ? message.flowsOpened.low || message.flowsOpened.high : message.flowsOpened !== 0))
                    writer.uint32(/* id 8, wireType 0 =*/64).uint64(message.flowsOpened);
                if (message.dropped != null && $Object.hasOwnProperty.call(message, "dropped") && (typeof message.dropped === "object" ? message.dropped.low || message.dropped.high : message.dropped !== 0))
                    writer.uint32(/* id 9, wireType 0 =*/72).uint64(message.dropped);
                if (message.evicted != null && $Object.hasOwnProperty.call(message, "evicted") && (typeof message.evicted === "object" ? message.evicted.low || message.evicted.high : message.evicted !== 0))
                    writer.uint32(/* id 10, wireType 0 =*/80).uint64(message.evicted);
                if (message.undecoded != null && message.undecoded.length)
                    for (let i = 0; i < message.undecoded.length; ++i)
                        $root.panoptes.v1.UndecodedCount.encode(message.undecoded[i], writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.batchesDropped != null && $Object.hasOwnProperty.call(message, "batchesDropped") && (typeof message.batchesDropped === "object" ? message.batchesDropped.low || message.batchesDropped.high : message.batchesDropped !== 0))
                    writer.uint32(/* id 12, wireType 0 =*/96).uint64(message.batchesDropped);
                if (message.recordsDropped != null && $Object.hasOwnProperty.call(message, "recordsDropped") && (typeof message.recordsDropped === "object" ? message.recordsDropped.low || message.recordsDropped.high : message.recordsDropped !== 0))
                    writer.uint32(/* id 13, wireType 0 =*/104).uint64(message.recordsDropped);
                if (message.packetsDroppedInRecords != null && $Object.hasOwnProperty.call(message, "packetsDroppedInRecords") && (typeof message.packetsDroppedInRecords === "object" ? message.packetsDroppedInRecords.low || message.packetsDroppedInRecords.high : message.packetsDroppedInRecords !== 0))
                    writer.uint32(/* id 14, wireType 0 =*/112).uint64(message.packetsDroppedInRecords);
                if (message.queuedBatches != null && $Object.hasOwnProperty.call(message, "queuedBatches") && (typeof message.queuedBatches === "object" ? message.queuedBatches.low || message.queuedBatches.high : message.queuedBatches !== 0))
                    writer.uint32(/* id 15, wireType 0 =*/120).uint64(message.queuedBatches);
                if (message.sources != null && message.sources.length)
                    for (let i = 0; i < message.sources.length; ++i)
                        $root.panoptes.v1.SourceStatus.encode(message.sources[i], writer.uint32(/* id 16, wireType 2 =*/130).fork(), _depth + 1).ldelim();
                if (message.maxFlows != null && $Object.hasOwnProperty.call(message, "maxFlows") && (typeof message.maxFlows === "object" ? message.maxFlows.low || message.maxFlows.high : message.maxFlows !== 0))
                    writer.uint32(/* id 17, wireType 0 =*/136).uint64(message.maxFlows);
                if (message.payloadSkipped != null && $Object.hasOwnProperty.call(message, "payloadSkipped") && (typeof message.payloadSkipped === "object" ? message.payloadSkipped.low || message.payloadSkipped.high : message.payloadSkipped !== 0))
                    writer.uint32(/* id 18, wireType 0 =*/144).uint64(message.payloadSkipped);
                if (message.last != null && $Object.hasOwnProperty.call(message, "last") && message.last !== false)
                    writer.uint32(/* id 19, wireType 0 =*/152).bool(message.last);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ProbeStatus message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.ProbeStatus
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.ProbeStatus & panoptes.v1.ProbeStatus.$Shape} ProbeStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ProbeStatus.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.ProbeStatus();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.timeSeconds = value;
                            else
                                delete message.timeSeconds;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.timeNanos = value;
                            else
                                delete message.timeNanos;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.packets = value;
                            else
                                delete message.packets;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.bytes = value;
                            else
                                delete message.bytes;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.records = value;
                            else
                                delete message.records;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.batches = value;
                            else
                                delete message.batches;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.flows = value;
                            else
                                delete message.flows;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.flowsOpened = value;
                            else
                                delete message.flowsOpened;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.dropped = value;
                            else
                                delete message.dropped;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.evicted = value;
                            else
                                delete message.evicted;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if (!(message.undecoded && message.undecoded.length))
                                message.undecoded = [];
                            message.undecoded.push($root.panoptes.v1.UndecodedCount.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.batchesDropped = value;
                            else
                                delete message.batchesDropped;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.recordsDropped = value;
                            else
                                delete message.recordsDropped;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.packetsDroppedInRecords = value;
                            else
                                delete message.packetsDroppedInRecords;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.queuedBatches = value;
                            else
                                delete message.queuedBatches;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            if (!(message.sources && message.sources.length))
                                message.sources = [];
                            message.sources.push($root.panoptes.v1.SourceStatus.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 17: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.maxFlows = value;
                            else
                                delete message.maxFlows;
                            continue;
                        }
                    case 18: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.payloadSkipped = value;
                            else
                                delete message.payloadSkipped;
                            continue;
                        }
                    case 19: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.last = value;
                            else
                                delete message.last;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ProbeStatus;
        })();

        v1.UndecodedCount = (function() {

            /**
             * Properties of an UndecodedCount.
             * @typedef {Object} panoptes.v1.UndecodedCount.$Properties
             * @property {string|null} [reason] UndecodedCount reason
             * @property {number|null} [packets] UndecodedCount packets
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an UndecodedCount.
             * @memberof panoptes.v1
             * @interface IUndecodedCount
             * @augments panoptes.v1.UndecodedCount.$Properties
             * @deprecated Use panoptes.v1.UndecodedCount.$Properties instead.
             */

            /**
             * Shape of an UndecodedCount.
             * @typedef {panoptes.v1.UndecodedCount.$Properties} panoptes.v1.UndecodedCount.$Shape
             */

            /**
             * Constructs a new UndecodedCount.
             * @memberof panoptes.v1
             * @classdesc Represents an UndecodedCount.
             * @constructor
             * @param {panoptes.v1.UndecodedCount.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const UndecodedCount = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * UndecodedCount reason.
             * @member {string} reason
             * @memberof panoptes.v1.UndecodedCount
             * @instance
             */
            UndecodedCount.prototype.reason = "";

            /**
             * UndecodedCount packets.
             * @member {number} packets
             * @memberof panoptes.v1.UndecodedCount
             * @instance
             */
            UndecodedCount.prototype.packets = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified UndecodedCount message. Does not implicitly {@link panoptes.v1.UndecodedCount.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.UndecodedCount
             * @static
             * @param {panoptes.v1.UndecodedCount.$Properties} message UndecodedCount message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            UndecodedCount.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.reason);
                if (message.packets != null && $Object.hasOwnProperty.call(message, "packets") && (typeof message.packets === "object" ? message.packets.low || message.packets.high : message.packets !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.packets);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an UndecodedCount message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.UndecodedCount
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.UndecodedCount & panoptes.v1.UndecodedCount.$Shape} UndecodedCount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            UndecodedCount.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.UndecodedCount();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.packets = value;
                            else
                                delete message.packets;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return UndecodedCount;
        })();

        v1.SourceStatus = (function() {

            /**
             * Properties of a SourceStatus.
             * @typedef {Object} panoptes.v1.SourceStatus.$Properties
             * @property {string|null} [name] SourceStatus name
             * @property {number|null} [received] SourceStatus received
             * @property {number|null} [dropped] SourceStatus dropped
             * @property {number|null} [ifDropped] SourceStatus ifDropped
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SourceStatus.
             * @memberof panoptes.v1
             * @interface ISourceStatus
             * @augments panoptes.v1.SourceStatus.$Properties
             * @deprecated Use panoptes.v1.SourceStatus.$Properties instead.
             */

            /**
             * Shape of a SourceStatus.
             * @typedef {panoptes.v1.SourceStatus.$Properties} panoptes.v1.SourceStatus.$Shape
             */

            /**
             * Constructs a new SourceStatus.
             * @memberof panoptes.v1
             * @classdesc Represents a SourceStatus.
             * @constructor
             * @param {panoptes.v1.SourceStatus.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SourceStatus = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SourceStatus name.
             * @member {string} name
             * @memberof panoptes.v1.SourceStatus
             * @instance
             */
            SourceStatus.prototype.name = "";

            /**
             * SourceStatus received.
             * @member {number} received
             * @memberof panoptes.v1.SourceStatus
             * @instance
             */
            SourceStatus.prototype.received = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SourceStatus dropped.
             * @member {number} dropped
             * @memberof panoptes.v1.SourceStatus
             * @instance
             */
            SourceStatus.prototype.dropped = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SourceStatus ifDropped.
             * @member {number} ifDropped
             * @memberof panoptes.v1.SourceStatus
             * @instance
             */
            SourceStatus.prototype.ifDropped = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified SourceStatus message. Does not implicitly {@link panoptes.v1.SourceStatus.verify|verify} messages.
             * @function encode
             * @memberof panoptes.v1.SourceStatus
             * @static
             * @param {panoptes.v1.SourceStatus.$Properties} message SourceStatus message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SourceStatus.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.received != null && $Object.hasOwnProperty.call(message, "received") && (typeof message.received === "object" ? message.received.low || message.received.high : message.received !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.received);
                if (message.dropped != null && $Object.hasOwnProperty.call(message, "dropped") && (typeof message.dropped === "object" ? message.dropped.low || message.dropped.high : message.dropped !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.dropped);
                if (message.ifDropped != null && $Object.hasOwnProperty.call(message, "ifDropped") && (typeof message.ifDropped === "object" ? message.ifDropped.low || message.ifDropped.high : message.ifDropped !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.ifDropped);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SourceStatus message from the specified reader or buffer.
             * @function decode
             * @memberof panoptes.v1.SourceStatus
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {panoptes.v1.SourceStatus & panoptes.v1.SourceStatus.$Shape} SourceStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SourceStatus.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.panoptes.v1.SourceStatus();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.received = value;
                            else
                                delete message.received;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.dropped = value;
                            else
                                delete message.dropped;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.ifDropped = value;
                            else
                                delete message.ifDropped;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SourceStatus;
        })();

        return v1;
    })();

    return panoptes;
})();

export {
  $root as default
};
