// Generated from proto/panoptes.proto by scripts/generate-proto.mjs; do not edit.
import * as $protobuf from "protobufjs";

/** Namespace panoptes. */
export namespace panoptes {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Frame.
         * @deprecated Use panoptes.v1.Frame.$Properties instead.
         */
        interface IFrame extends panoptes.v1.Frame.$Properties {
        }

        /** Represents a Frame. */
        class Frame {

            /**
             * Constructs a new Frame.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.Frame.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Frame welcome. */
            welcome?: (panoptes.v1.Welcome.$Properties|null);

            /** Frame batch. */
            batch?: (panoptes.v1.FlowBatch.$Properties|null);

            /** Frame status. */
            status?: (panoptes.v1.ProbeStatus.$Properties|null);

            /** Frame gap. */
            gap?: (panoptes.v1.Gap.$Properties|null);

            /** Frame error. */
            error?: (panoptes.v1.Error.$Properties|null);

            /** Frame subscribe. */
            subscribe?: (panoptes.v1.Subscribe.$Properties|null);

            /** Frame body. */
            body?: ("welcome"|"batch"|"status"|"gap"|"error"|"subscribe");

            /**
             * Encodes the specified Frame message. Does not implicitly {@link panoptes.v1.Frame.verify|verify} messages.
             * @param message Frame message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.Frame.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Frame message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.Frame & panoptes.v1.Frame.$Shape} Frame
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.Frame & panoptes.v1.Frame.$Shape;
        }

        namespace Frame {

            /** Properties of a Frame. */
            interface $Properties {

                /** Frame welcome */
                welcome?: (panoptes.v1.Welcome.$Properties|null);

                /** Frame batch */
                batch?: (panoptes.v1.FlowBatch.$Properties|null);

                /** Frame status */
                status?: (panoptes.v1.ProbeStatus.$Properties|null);

                /** Frame gap */
                gap?: (panoptes.v1.Gap.$Properties|null);

                /** Frame error */
                error?: (panoptes.v1.Error.$Properties|null);

                /** Frame subscribe */
                subscribe?: (panoptes.v1.Subscribe.$Properties|null);

                /** Frame body */
                body?: ("welcome"|"batch"|"status"|"gap"|"error"|"subscribe");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Frame. */
            type $Shape = {
              welcome?: panoptes.v1.Welcome.$Shape|null;
              batch?: panoptes.v1.FlowBatch.$Shape|null;
              status?: panoptes.v1.ProbeStatus.$Shape|null;
              gap?: panoptes.v1.Gap.$Shape|null;
              error?: panoptes.v1.Error.$Shape|null;
              subscribe?: panoptes.v1.Subscribe.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; welcome?: null; batch?: null; status?: null; gap?: null; error?: null; subscribe?: null }|{ body?: "welcome"; welcome: panoptes.v1.Welcome.$Shape; batch?: null; status?: null; gap?: null; error?: null; subscribe?: null }|{ body?: "batch"; welcome?: null; batch: panoptes.v1.FlowBatch.$Shape; status?: null; gap?: null; error?: null; subscribe?: null }|{ body?: "status"; welcome?: null; batch?: null; status: panoptes.v1.ProbeStatus.$Shape; gap?: null; error?: null; subscribe?: null }|{ body?: "gap"; welcome?: null; batch?: null; status?: null; gap: panoptes.v1.Gap.$Shape; error?: null; subscribe?: null }|{ body?: "error"; welcome?: null; batch?: null; status?: null; gap?: null; error: panoptes.v1.Error.$Shape; subscribe?: null }|{ body?: "subscribe"; welcome?: null; batch?: null; status?: null; gap?: null; error?: null; subscribe: panoptes.v1.Subscribe.$Shape })
            );
        }

        /**
         * Properties of a Welcome.
         * @deprecated Use panoptes.v1.Welcome.$Properties instead.
         */
        interface IWelcome extends panoptes.v1.Welcome.$Properties {
        }

        /** Represents a Welcome. */
        class Welcome {

            /**
             * Constructs a new Welcome.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.Welcome.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Welcome probeId. */
            probeId: string;

            /** Welcome version. */
            version: string;

            /** Welcome schema. */
            schema: number;

            /** Welcome startSeconds. */
            startSeconds: number;

            /** Welcome runId. */
            runId: string;

            /** Welcome firstBatch. */
            firstBatch: number;

            /** Welcome lastBatch. */
            lastBatch: number;

            /** Welcome source. */
            source: string;

            /**
             * Encodes the specified Welcome message. Does not implicitly {@link panoptes.v1.Welcome.verify|verify} messages.
             * @param message Welcome message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.Welcome.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Welcome message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.Welcome & panoptes.v1.Welcome.$Shape} Welcome
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.Welcome & panoptes.v1.Welcome.$Shape;
        }

        namespace Welcome {

            /** Properties of a Welcome. */
            interface $Properties {

                /** Welcome probeId */
                probeId?: (string|null);

                /** Welcome version */
                version?: (string|null);

                /** Welcome schema */
                schema?: (number|null);

                /** Welcome startSeconds */
                startSeconds?: (number|null);

                /** Welcome runId */
                runId?: (string|null);

                /** Welcome firstBatch */
                firstBatch?: (number|null);

                /** Welcome lastBatch */
                lastBatch?: (number|null);

                /** Welcome source */
                source?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Welcome. */
            type $Shape = panoptes.v1.Welcome.$Properties;
        }

        /**
         * Properties of a Subscribe.
         * @deprecated Use panoptes.v1.Subscribe.$Properties instead.
         */
        interface ISubscribe extends panoptes.v1.Subscribe.$Properties {
        }

        /** Represents a Subscribe. */
        class Subscribe {

            /**
             * Constructs a new Subscribe.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.Subscribe.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Subscribe filter. */
            filter: string;

            /** Subscribe after. */
            after: number;

            /** Subscribe runId. */
            runId: string;

            /** Subscribe wantPayload. */
            wantPayload: boolean;

            /** Subscribe wantAll. */
            wantAll: boolean;

            /**
             * Encodes the specified Subscribe message. Does not implicitly {@link panoptes.v1.Subscribe.verify|verify} messages.
             * @param message Subscribe message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.Subscribe.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Subscribe message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.Subscribe & panoptes.v1.Subscribe.$Shape} Subscribe
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.Subscribe & panoptes.v1.Subscribe.$Shape;
        }

        namespace Subscribe {

            /** Properties of a Subscribe. */
            interface $Properties {

                /** Subscribe filter */
                filter?: (string|null);

                /** Subscribe after */
                after?: (number|null);

                /** Subscribe runId */
                runId?: (string|null);

                /** Subscribe wantPayload */
                wantPayload?: (boolean|null);

                /** Subscribe wantAll */
                wantAll?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Subscribe. */
            type $Shape = panoptes.v1.Subscribe.$Properties;
        }

        /**
         * Properties of a Gap.
         * @deprecated Use panoptes.v1.Gap.$Properties instead.
         */
        interface IGap extends panoptes.v1.Gap.$Properties {
        }

        /** Represents a Gap. */
        class Gap {

            /**
             * Constructs a new Gap.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.Gap.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Gap batches. */
            batches: number;

            /** Gap records. */
            records: number;

            /** Gap reason. */
            reason: string;

            /** Gap packets. */
            packets: number;

            /**
             * Encodes the specified Gap message. Does not implicitly {@link panoptes.v1.Gap.verify|verify} messages.
             * @param message Gap message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.Gap.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Gap message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.Gap & panoptes.v1.Gap.$Shape} Gap
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.Gap & panoptes.v1.Gap.$Shape;
        }

        namespace Gap {

            /** Properties of a Gap. */
            interface $Properties {

                /** Gap batches */
                batches?: (number|null);

                /** Gap records */
                records?: (number|null);

                /** Gap reason */
                reason?: (string|null);

                /** Gap packets */
                packets?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Gap. */
            type $Shape = panoptes.v1.Gap.$Properties;
        }

        /**
         * Properties of an Error.
         * @deprecated Use panoptes.v1.Error.$Properties instead.
         */
        interface IError extends panoptes.v1.Error.$Properties {
        }

        /** Represents an Error. */
        class Error {

            /**
             * Constructs a new Error.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.Error.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Error code. */
            code: string;

            /** Error message. */
            message: string;

            /** Error hint. */
            hint: string;

            /**
             * Encodes the specified Error message. Does not implicitly {@link panoptes.v1.Error.verify|verify} messages.
             * @param message Error message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.Error.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Error message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.Error & panoptes.v1.Error.$Shape} Error
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.Error & panoptes.v1.Error.$Shape;
        }

        namespace Error {

            /** Properties of an Error. */
            interface $Properties {

                /** Error code */
                code?: (string|null);

                /** Error message */
                message?: (string|null);

                /** Error hint */
                hint?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Error. */
            type $Shape = panoptes.v1.Error.$Properties;
        }

        /**
         * Properties of a FlowBatch.
         * @deprecated Use panoptes.v1.FlowBatch.$Properties instead.
         */
        interface IFlowBatch extends panoptes.v1.FlowBatch.$Properties {
        }

        /** Represents a FlowBatch. */
        class FlowBatch {

            /**
             * Constructs a new FlowBatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.FlowBatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FlowBatch number. */
            number: number;

            /** FlowBatch rows. */
            rows: number;

            /** FlowBatch baseSeconds. */
            baseSeconds: number;

            /** FlowBatch firstRecord. */
            firstRecord: number;

            /** FlowBatch columns. */
            columns: panoptes.v1.Column.$Properties[];

            /** FlowBatch rowSets. */
            rowSets: panoptes.v1.RowSet.$Properties[];

            /** FlowBatch ipv4Dictionary. */
            ipv4Dictionary: Uint8Array;

            /** FlowBatch ipv6Dictionary. */
            ipv6Dictionary: Uint8Array;

            /** FlowBatch macDictionary. */
            macDictionary: Uint8Array;

            /** FlowBatch payload. */
            payload: Uint8Array;

            /** FlowBatch filteredRows. */
            filteredRows: number;

            /**
             * Encodes the specified FlowBatch message. Does not implicitly {@link panoptes.v1.FlowBatch.verify|verify} messages.
             * @param message FlowBatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.FlowBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FlowBatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.FlowBatch & panoptes.v1.FlowBatch.$Shape} FlowBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.FlowBatch & panoptes.v1.FlowBatch.$Shape;
        }

        namespace FlowBatch {

            /** Properties of a FlowBatch. */
            interface $Properties {

                /** FlowBatch number */
                number?: (number|null);

                /** FlowBatch rows */
                rows?: (number|null);

                /** FlowBatch baseSeconds */
                baseSeconds?: (number|null);

                /** FlowBatch firstRecord */
                firstRecord?: (number|null);

                /** FlowBatch columns */
                columns?: (panoptes.v1.Column.$Properties[]|null);

                /** FlowBatch rowSets */
                rowSets?: (panoptes.v1.RowSet.$Properties[]|null);

                /** FlowBatch ipv4Dictionary */
                ipv4Dictionary?: (Uint8Array|null);

                /** FlowBatch ipv6Dictionary */
                ipv6Dictionary?: (Uint8Array|null);

                /** FlowBatch macDictionary */
                macDictionary?: (Uint8Array|null);

                /** FlowBatch payload */
                payload?: (Uint8Array|null);

                /** FlowBatch filteredRows */
                filteredRows?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a FlowBatch. */
            type $Shape = panoptes.v1.FlowBatch.$Properties;
        }

        /**
         * Properties of a RowSet.
         * @deprecated Use panoptes.v1.RowSet.$Properties instead.
         */
        interface IRowSet extends panoptes.v1.RowSet.$Properties {
        }

        /** Represents a RowSet. */
        class RowSet {

            /**
             * Constructs a new RowSet.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.RowSet.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RowSet rowNumbers. */
            rowNumbers: Uint8Array;

            /** RowSet bitmap. */
            bitmap: Uint8Array;

            /**
             * Encodes the specified RowSet message. Does not implicitly {@link panoptes.v1.RowSet.verify|verify} messages.
             * @param message RowSet message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.RowSet.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RowSet message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.RowSet & panoptes.v1.RowSet.$Shape} RowSet
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.RowSet & panoptes.v1.RowSet.$Shape;
        }

        namespace RowSet {

            /** Properties of a RowSet. */
            interface $Properties {

                /** RowSet rowNumbers */
                rowNumbers?: (Uint8Array|null);

                /** RowSet bitmap */
                bitmap?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RowSet. */
            type $Shape = panoptes.v1.RowSet.$Properties;
        }

        /**
         * Properties of a Column.
         * @deprecated Use panoptes.v1.Column.$Properties instead.
         */
        interface IColumn extends panoptes.v1.Column.$Properties {
        }

        /** Represents a Column. */
        class Column {

            /**
             * Constructs a new Column.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.Column.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Column id. */
            id: panoptes.v1.ColumnId;

            /** Column rowSet. */
            rowSet: number;

            /** Column width. */
            width: number;

            /** Column base. */
            base: number;

            /** Column scale. */
            scale: number;

            /** Column values. */
            values: Uint8Array;

            /** Column baseFloat. */
            baseFloat: number;

            /** Column patchPlaces. */
            patchPlaces: Uint8Array;

            /** Column patchValues. */
            patchValues: Uint8Array;

            /**
             * Encodes the specified Column message. Does not implicitly {@link panoptes.v1.Column.verify|verify} messages.
             * @param message Column message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.Column.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Column message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.Column & panoptes.v1.Column.$Shape} Column
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.Column & panoptes.v1.Column.$Shape;
        }

        namespace Column {

            /** Properties of a Column. */
            interface $Properties {

                /** Column id */
                id?: (panoptes.v1.ColumnId|null);

                /** Column rowSet */
                rowSet?: (number|null);

                /** Column width */
                width?: (number|null);

                /** Column base */
                base?: (number|null);

                /** Column scale */
                scale?: (number|null);

                /** Column values */
                values?: (Uint8Array|null);

                /** Column baseFloat */
                baseFloat?: (number|null);

                /** Column patchPlaces */
                patchPlaces?: (Uint8Array|null);

                /** Column patchValues */
                patchValues?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Column. */
            type $Shape = panoptes.v1.Column.$Properties;
        }

        /** ColumnId enum. */
        enum ColumnId {

            /** COLUMN_UNSPECIFIED value */
            COLUMN_UNSPECIFIED = 0,

            /** FLOW_ID value */
            FLOW_ID = 1,

            /** CAUSE value */
            CAUSE = 2,

            /** REASON value */
            REASON = 3,

            /** KIND value */
            KIND = 4,

            /** PROTOCOL value */
            PROTOCOL = 5,

            /** SRC_ADDRESS value */
            SRC_ADDRESS = 6,

            /** DST_ADDRESS value */
            DST_ADDRESS = 7,

            /** SRC_PORT value */
            SRC_PORT = 8,

            /** DST_PORT value */
            DST_PORT = 9,

            /** EVIDENCE value */
            EVIDENCE = 10,

            /** ETHERTYPE value */
            ETHERTYPE = 11,

            /** LINK_CONTEXT value */
            LINK_CONTEXT = 12,

            /** DNS_ID value */
            DNS_ID = 13,

            /** START value */
            START = 16,

            /** SRC_FIRST value */
            SRC_FIRST = 17,

            /** SRC_SPAN value */
            SRC_SPAN = 18,

            /** DST_FIRST value */
            DST_FIRST = 19,

            /** DST_SPAN value */
            DST_SPAN = 20,

            /** SRC_PACKETS value */
            SRC_PACKETS = 24,

            /** DST_PACKETS value */
            DST_PACKETS = 25,

            /** SRC_BYTES value */
            SRC_BYTES = 26,

            /** DST_BYTES value */
            DST_BYTES = 27,

            /** SRC_APP_BYTES value */
            SRC_APP_BYTES = 28,

            /** DST_APP_BYTES value */
            DST_APP_BYTES = 29,

            /** SRC_MIN_SIZE value */
            SRC_MIN_SIZE = 30,

            /** DST_MIN_SIZE value */
            DST_MIN_SIZE = 31,

            /** SRC_MAX_SIZE value */
            SRC_MAX_SIZE = 32,

            /** DST_MAX_SIZE value */
            DST_MAX_SIZE = 33,

            /** SRC_FRAGMENTS value */
            SRC_FRAGMENTS = 34,

            /** DST_FRAGMENTS value */
            DST_FRAGMENTS = 35,

            /** SRC_MAC value */
            SRC_MAC = 40,

            /** DST_MAC value */
            DST_MAC = 41,

            /** SRC_VLAN value */
            SRC_VLAN = 42,

            /** DST_VLAN value */
            DST_VLAN = 43,

            /** INNER_VLAN value */
            INNER_VLAN = 44,

            /** SRC_TTL value */
            SRC_TTL = 48,

            /** DST_TTL value */
            DST_TTL = 49,

            /** SRC_TTL_MIN value */
            SRC_TTL_MIN = 50,

            /** DST_TTL_MIN value */
            DST_TTL_MIN = 51,

            /** SRC_TTL_MAX value */
            SRC_TTL_MAX = 52,

            /** DST_TTL_MAX value */
            DST_TTL_MAX = 53,

            /** SRC_TOS value */
            SRC_TOS = 54,

            /** DST_TOS value */
            DST_TOS = 55,

            /** SRC_IP_ID value */
            SRC_IP_ID = 56,

            /** DST_IP_ID value */
            DST_IP_ID = 57,

            /** SRC_IP_FLAGS value */
            SRC_IP_FLAGS = 58,

            /** DST_IP_FLAGS value */
            DST_IP_FLAGS = 59,

            /** SRC_CE_PACKETS value */
            SRC_CE_PACKETS = 60,

            /** DST_CE_PACKETS value */
            DST_CE_PACKETS = 61,

            /** TCP_STATE value */
            TCP_STATE = 64,

            /** SRC_TCP_FLAGS value */
            SRC_TCP_FLAGS = 65,

            /** DST_TCP_FLAGS value */
            DST_TCP_FLAGS = 66,

            /** SRC_TCP_OPTIONS value */
            SRC_TCP_OPTIONS = 67,

            /** DST_TCP_OPTIONS value */
            DST_TCP_OPTIONS = 68,

            /** SRC_TCP_BASE value */
            SRC_TCP_BASE = 69,

            /** DST_TCP_BASE value */
            DST_TCP_BASE = 70,

            /** SRC_MSS value */
            SRC_MSS = 71,

            /** DST_MSS value */
            DST_MSS = 72,

            /** SRC_WINDOW_SHIFT value */
            SRC_WINDOW_SHIFT = 73,

            /** DST_WINDOW_SHIFT value */
            DST_WINDOW_SHIFT = 74,

            /** SRC_WINDOW value */
            SRC_WINDOW = 75,

            /** DST_WINDOW value */
            DST_WINDOW = 76,

            /** SRC_WINDOW_MIN value */
            SRC_WINDOW_MIN = 77,

            /** DST_WINDOW_MIN value */
            DST_WINDOW_MIN = 78,

            /** SRC_WINDOW_MAX value */
            SRC_WINDOW_MAX = 79,

            /** DST_WINDOW_MAX value */
            DST_WINDOW_MAX = 80,

            /** SRC_ZERO_WINDOWS value */
            SRC_ZERO_WINDOWS = 81,

            /** DST_ZERO_WINDOWS value */
            DST_ZERO_WINDOWS = 82,

            /** SYNACK value */
            SYNACK = 83,

            /** ACKDAT value */
            ACKDAT = 84,

            /** SRC_GAP_LEAD value */
            SRC_GAP_LEAD = 96,

            /** DST_GAP_LEAD value */
            DST_GAP_LEAD = 97,

            /** SRC_GAP_M2 value */
            SRC_GAP_M2 = 98,

            /** DST_GAP_M2 value */
            DST_GAP_M2 = 99,

            /** SRC_GAP_MIN value */
            SRC_GAP_MIN = 100,

            /** DST_GAP_MIN value */
            DST_GAP_MIN = 101,

            /** SRC_GAP_MAX value */
            SRC_GAP_MAX = 102,

            /** DST_GAP_MAX value */
            DST_GAP_MAX = 103,

            /** ICMP_TYPE value */
            ICMP_TYPE = 112,

            /** ICMP_CODE value */
            ICMP_CODE = 113,

            /** ICMP_ID value */
            ICMP_ID = 114,

            /** ARP_OPERATION value */
            ARP_OPERATION = 115,

            /** SRC_PAYLOAD value */
            SRC_PAYLOAD = 120,

            /** DST_PAYLOAD value */
            DST_PAYLOAD = 121
        }

        /** Cause enum. */
        enum Cause {

            /** CAUSE_NONE value */
            CAUSE_NONE = 0,

            /** CAUSE_START value */
            CAUSE_START = 1,

            /** CAUSE_STATUS value */
            CAUSE_STATUS = 2,

            /** CAUSE_END value */
            CAUSE_END = 3
        }

        /** EndReason enum. */
        enum EndReason {

            /** REASON_NONE value */
            REASON_NONE = 0,

            /** REASON_FIN value */
            REASON_FIN = 1,

            /** REASON_RST value */
            REASON_RST = 2,

            /** REASON_ANSWERED value */
            REASON_ANSWERED = 3,

            /** REASON_IDLE value */
            REASON_IDLE = 4,

            /** REASON_EVICTED value */
            REASON_EVICTED = 5,

            /** REASON_REUSED value */
            REASON_REUSED = 6,

            /** REASON_SHUTDOWN value */
            REASON_SHUTDOWN = 7
        }

        /** FlowKind enum. */
        enum FlowKind {

            /** KIND_NONE value */
            KIND_NONE = 0,

            /** KIND_IPV4 value */
            KIND_IPV4 = 1,

            /** KIND_IPV6 value */
            KIND_IPV6 = 2,

            /** KIND_ARP value */
            KIND_ARP = 3,

            /** KIND_ETHERNET value */
            KIND_ETHERNET = 4,

            /** KIND_RARP value */
            KIND_RARP = 5
        }

        /** Evidence enum. */
        enum Evidence {

            /** EVIDENCE_NONE value */
            EVIDENCE_NONE = 0,

            /** EVIDENCE_SYN value */
            EVIDENCE_SYN = 1,

            /** EVIDENCE_SYN_ACK value */
            EVIDENCE_SYN_ACK = 2,

            /** EVIDENCE_REQUEST value */
            EVIDENCE_REQUEST = 3,

            /** EVIDENCE_LEARNED_PORT value */
            EVIDENCE_LEARNED_PORT = 4,

            /** EVIDENCE_KNOWN_PORT value */
            EVIDENCE_KNOWN_PORT = 5,

            /** EVIDENCE_FIRST_PACKET value */
            EVIDENCE_FIRST_PACKET = 6
        }

        /** TcpState enum. */
        enum TcpState {

            /** TCP_NONE value */
            TCP_NONE = 0,

            /** TCP_SYN value */
            TCP_SYN = 1,

            /** TCP_SYN_ACK value */
            TCP_SYN_ACK = 2,

            /** TCP_ESTABLISHED value */
            TCP_ESTABLISHED = 4,

            /** TCP_SRC_FIN value */
            TCP_SRC_FIN = 8,

            /** TCP_DST_FIN value */
            TCP_DST_FIN = 16,

            /** TCP_SRC_FIN_ACKED value */
            TCP_SRC_FIN_ACKED = 32,

            /** TCP_DST_FIN_ACKED value */
            TCP_DST_FIN_ACKED = 64,

            /** TCP_SRC_RST value */
            TCP_SRC_RST = 128,

            /** TCP_DST_RST value */
            TCP_DST_RST = 256,

            /** TCP_SRC_SCALED value */
            TCP_SRC_SCALED = 512,

            /** TCP_DST_SCALED value */
            TCP_DST_SCALED = 1024
        }

        /** TcpOption enum. */
        enum TcpOption {

            /** OPTION_NONE value */
            OPTION_NONE = 0,

            /** OPTION_MSS value */
            OPTION_MSS = 1,

            /** OPTION_WINDOW_SCALE value */
            OPTION_WINDOW_SCALE = 2,

            /** OPTION_SACK_PERMITTED value */
            OPTION_SACK_PERMITTED = 4,

            /** OPTION_SACK value */
            OPTION_SACK = 8,

            /** OPTION_TIMESTAMP value */
            OPTION_TIMESTAMP = 16,

            /** OPTION_FAST_OPEN value */
            OPTION_FAST_OPEN = 32,

            /** OPTION_MPTCP value */
            OPTION_MPTCP = 64,

            /** OPTION_OTHER value */
            OPTION_OTHER = 128
        }

        /** IpFlag enum. */
        enum IpFlag {

            /** IP_FLAG_NONE value */
            IP_FLAG_NONE = 0,

            /** IP_FLAG_DONT_FRAGMENT value */
            IP_FLAG_DONT_FRAGMENT = 1,

            /** IP_FLAG_FRAGMENT value */
            IP_FLAG_FRAGMENT = 2,

            /** IP_FLAG_RECORD_ROUTE value */
            IP_FLAG_RECORD_ROUTE = 4,

            /** IP_FLAG_TIMESTAMP value */
            IP_FLAG_TIMESTAMP = 8,

            /** IP_FLAG_SECURITY value */
            IP_FLAG_SECURITY = 16,

            /** IP_FLAG_SOURCE_ROUTE value */
            IP_FLAG_SOURCE_ROUTE = 32,

            /** IP_FLAG_ROUTER_ALERT value */
            IP_FLAG_ROUTER_ALERT = 64,

            /** IP_FLAG_OTHER_OPTION value */
            IP_FLAG_OTHER_OPTION = 128,

            /** IP_FLAG_MAC_CHANGED value */
            IP_FLAG_MAC_CHANGED = 256
        }

        /**
         * Properties of a ProbeStatus.
         * @deprecated Use panoptes.v1.ProbeStatus.$Properties instead.
         */
        interface IProbeStatus extends panoptes.v1.ProbeStatus.$Properties {
        }

        /** Represents a ProbeStatus. */
        class ProbeStatus {

            /**
             * Constructs a new ProbeStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.ProbeStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ProbeStatus timeSeconds. */
            timeSeconds: number;

            /** ProbeStatus timeNanos. */
            timeNanos: number;

            /** ProbeStatus packets. */
            packets: number;

            /** ProbeStatus bytes. */
            bytes: number;

            /** ProbeStatus records. */
            records: number;

            /** ProbeStatus batches. */
            batches: number;

            /** ProbeStatus flows. */
            flows: number;

            /** ProbeStatus flowsOpened. */
            flowsOpened: number;

            /** ProbeStatus dropped. */
            dropped: number;

            /** ProbeStatus evicted. */
            evicted: number;

            /** ProbeStatus undecoded. */
            undecoded: panoptes.v1.UndecodedCount.$Properties[];

            /** ProbeStatus batchesDropped. */
            batchesDropped: number;

            /** ProbeStatus recordsDropped. */
            recordsDropped: number;

            /** ProbeStatus packetsDroppedInRecords. */
            packetsDroppedInRecords: number;

            /** ProbeStatus queuedBatches. */
            queuedBatches: number;

            /** ProbeStatus sources. */
            sources: panoptes.v1.SourceStatus.$Properties[];

            /** ProbeStatus maxFlows. */
            maxFlows: number;

            /** ProbeStatus payloadSkipped. */
            payloadSkipped: number;

            /** ProbeStatus last. */
            last: boolean;

            /**
             * Encodes the specified ProbeStatus message. Does not implicitly {@link panoptes.v1.ProbeStatus.verify|verify} messages.
             * @param message ProbeStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.ProbeStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ProbeStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.ProbeStatus & panoptes.v1.ProbeStatus.$Shape} ProbeStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.ProbeStatus & panoptes.v1.ProbeStatus.$Shape;
        }

        namespace ProbeStatus {

            /** Properties of a ProbeStatus. */
            interface $Properties {

                /** ProbeStatus timeSeconds */
                timeSeconds?: (number|null);

                /** ProbeStatus timeNanos */
                timeNanos?: (number|null);

                /** ProbeStatus packets */
                packets?: (number|null);

                /** ProbeStatus bytes */
                bytes?: (number|null);

                /** ProbeStatus records */
                records?: (number|null);

                /** ProbeStatus batches */
                batches?: (number|null);

                /** ProbeStatus flows */
                flows?: (number|null);

                /** ProbeStatus flowsOpened */
                flowsOpened?: (number|null);

                /** ProbeStatus dropped */
                dropped?: (number|null);

                /** ProbeStatus evicted */
                evicted?: (number|null);

                /** ProbeStatus undecoded */
                undecoded?: (panoptes.v1.UndecodedCount.$Properties[]|null);

                /** ProbeStatus batchesDropped */
                batchesDropped?: (number|null);

                /** ProbeStatus recordsDropped */
                recordsDropped?: (number|null);

                /** ProbeStatus packetsDroppedInRecords */
                packetsDroppedInRecords?: (number|null);

                /** ProbeStatus queuedBatches */
                queuedBatches?: (number|null);

                /** ProbeStatus sources */
                sources?: (panoptes.v1.SourceStatus.$Properties[]|null);

                /** ProbeStatus maxFlows */
                maxFlows?: (number|null);

                /** ProbeStatus payloadSkipped */
                payloadSkipped?: (number|null);

                /** ProbeStatus last */
                last?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ProbeStatus. */
            type $Shape = panoptes.v1.ProbeStatus.$Properties;
        }

        /**
         * Properties of an UndecodedCount.
         * @deprecated Use panoptes.v1.UndecodedCount.$Properties instead.
         */
        interface IUndecodedCount extends panoptes.v1.UndecodedCount.$Properties {
        }

        /** Represents an UndecodedCount. */
        class UndecodedCount {

            /**
             * Constructs a new UndecodedCount.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.UndecodedCount.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** UndecodedCount reason. */
            reason: string;

            /** UndecodedCount packets. */
            packets: number;

            /**
             * Encodes the specified UndecodedCount message. Does not implicitly {@link panoptes.v1.UndecodedCount.verify|verify} messages.
             * @param message UndecodedCount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.UndecodedCount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an UndecodedCount message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.UndecodedCount & panoptes.v1.UndecodedCount.$Shape} UndecodedCount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.UndecodedCount & panoptes.v1.UndecodedCount.$Shape;
        }

        namespace UndecodedCount {

            /** Properties of an UndecodedCount. */
            interface $Properties {

                /** UndecodedCount reason */
                reason?: (string|null);

                /** UndecodedCount packets */
                packets?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an UndecodedCount. */
            type $Shape = panoptes.v1.UndecodedCount.$Properties;
        }

        /**
         * Properties of a SourceStatus.
         * @deprecated Use panoptes.v1.SourceStatus.$Properties instead.
         */
        interface ISourceStatus extends panoptes.v1.SourceStatus.$Properties {
        }

        /** Represents a SourceStatus. */
        class SourceStatus {

            /**
             * Constructs a new SourceStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: panoptes.v1.SourceStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SourceStatus name. */
            name: string;

            /** SourceStatus received. */
            received: number;

            /** SourceStatus dropped. */
            dropped: number;

            /** SourceStatus ifDropped. */
            ifDropped: number;

            /**
             * Encodes the specified SourceStatus message. Does not implicitly {@link panoptes.v1.SourceStatus.verify|verify} messages.
             * @param message SourceStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: panoptes.v1.SourceStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SourceStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {panoptes.v1.SourceStatus & panoptes.v1.SourceStatus.$Shape} SourceStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): panoptes.v1.SourceStatus & panoptes.v1.SourceStatus.$Shape;
        }

        namespace SourceStatus {

            /** Properties of a SourceStatus. */
            interface $Properties {

                /** SourceStatus name */
                name?: (string|null);

                /** SourceStatus received */
                received?: (number|null);

                /** SourceStatus dropped */
                dropped?: (number|null);

                /** SourceStatus ifDropped */
                ifDropped?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SourceStatus. */
            type $Shape = panoptes.v1.SourceStatus.$Properties;
        }
    }
}
