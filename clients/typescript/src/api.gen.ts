/** Generated from the OpenAPI document by `npm run generate`. Do not edit. */
export interface paths {
    "/_ah/warmup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Health, at the old app's path */
        get: operations["getAhWarmup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The balance */
        get: operations["getCredits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Reserves credits */
        post: operations["postCreditsHolds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/holds/{id}/capture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes part or all of a hold */
        post: operations["postCreditsHoldsByIdCapture"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/holds/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a hold back */
        post: operations["postCreditsHoldsByIdRelease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every movement, newest first */
        get: operations["getCreditsLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives a spend or a captured hold back
         * @description Needs an API key with the scope `credits:grant`.
         */
        post: operations["postCreditsRefunds"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/spend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Spends credits */
        post: operations["postCreditsSpend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/credits/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Calls and credits by day and operation */
        get: operations["getCreditsUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the datasets
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getDatasets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/datasets/{dataset}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Fills an entry
         * @description Needs an API key with the scope `admin`.
         */
        put: operations["putDatasetsByDatasetByKey"];
        post?: never;
        /**
         * Removes an entry
         * @description Needs an API key with the scope `admin`.
         */
        delete: operations["deleteDatasetsByDatasetByKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the background jobs
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a job
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getJobsById"];
        /**
         * Adds a job, or changes it
         * @description Needs an API key with the scope `admin`.
         */
        put: operations["putJobsById"];
        post?: never;
        /**
         * Removes a job
         * @description Needs an API key with the scope `admin`.
         */
        delete: operations["deleteJobsById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Runs a job now; 202 when it takes over 10 seconds and continues after the answer
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["postJobsByIdRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the API keys that have not expired */
        get: operations["getKeys"];
        put?: never;
        /** Makes an API key and shows it this once; a user has at most 20 */
        post: operations["postKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes an API key at once */
        delete: operations["deleteKeysById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces an API key with a new one */
        post: operations["postKeysByIdRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboards/{stat}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows who has most of a stat */
        get: operations["getLeaderboardsByStat"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leaderboards/{stat}/around/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows who stands around a player */
        get: operations["getLeaderboardsByStatAroundByUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets a password by a one-time token */
        post: operations["postPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/resource": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's own profile, at its old path */
        get: operations["getResource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/service": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Says whether the service runs
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getService"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the caller's sessions */
        get: operations["getSessions"];
        put?: never;
        post?: never;
        /** Ends all of the caller's sessions */
        delete: operations["deleteSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of the caller's sessions */
        delete: operations["deleteSessionsById"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists every stat with its rules */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/stats/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Changes stats of many users
         * @description Needs an API key with the scope `stats:write`.
         */
        post: operations["postStatsBatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Gives an access token */
        get: operations["getToken"];
        put?: never;
        /** Starts a session: an access token and a refresh token */
        post: operations["postToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/token/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a session's next tokens; each refresh token works once */
        post: operations["postTokenRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists user names */
        get: operations["getUsers"];
        put?: never;
        /** Makes an account */
        post: operations["postUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a profile */
        get: operations["getUsersByUser"];
        put?: never;
        post?: never;
        /**
         * Deletes anyone's account
         * @description Needs an API key with the scope `admin`.
         */
        delete: operations["deleteUsersByUser"];
        options?: never;
        head?: never;
        /**
         * Changes anyone's account
         * @description Needs an API key with the scope `admin`.
         */
        patch: operations["patchUsersByUser"];
        trace?: never;
    };
    "/api/users/{user}/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Anyone's balance
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getUsersByUserCredits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes a plan
         * @description Needs an API key with the scope `admin`.
         */
        patch: operations["patchUsersByUserCredits"];
        trace?: never;
    };
    "/api/users/{user}/credits/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Grants a top-up
         * @description Needs an API key with the scope `credits:grant`.
         */
        post: operations["postUsersByUserCreditsGrants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user}/credits/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Anyone's movements, newest first
         * @description Needs an API key with the scope `credits:grant`.
         */
        get: operations["getUsersByUserCreditsLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user}/credits/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Anyone's calls and credits by day and operation
         * @description Needs an API key with the scope `credits:grant`.
         */
        get: operations["getUsersByUserCreditsUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a one-time token to set a password with, valid for 24 hours
         * @description Needs an API key with the scope `users:write`.
         */
        post: operations["postUsersByUserPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows a user's stats and levels */
        get: operations["getUsersByUserStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Adds to a user's stats */
        patch: operations["patchUsersByUserStats"];
        trace?: never;
    };
    "/api/users/lookup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows up to 100 profiles */
        post: operations["postUsersLookup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's own profile */
        get: operations["getUsersMe"];
        put?: never;
        post?: never;
        /** Deletes the caller's account */
        delete: operations["deleteUsersMe"];
        options?: never;
        head?: never;
        /** Changes the caller's email or password */
        patch: operations["patchUsersMe"];
        trace?: never;
    };
    "/api/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is stored about the caller */
        get: operations["getUsersMeExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The old app's way to change one's own account */
        post: operations["postUsersUpdate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1.0/{dataset}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Buys one entry, at its price */
        get: operations["getV10ByDatasetByKey"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the endpoints
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getWebhooks"];
        put?: never;
        /**
         * Adds an endpoint that alerts go to
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["postWebhooks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an endpoint
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getWebhooksByWebhook"];
        put?: never;
        post?: never;
        /**
         * Removes an endpoint and what was sent to it
         * @description Needs an API key with the scope `admin`.
         */
        delete: operations["deleteWebhooksByWebhook"];
        options?: never;
        head?: never;
        /**
         * Changes an endpoint
         * @description Needs an API key with the scope `admin`.
         */
        patch: operations["patchWebhooksByWebhook"];
        trace?: never;
    };
    "/api/webhooks/{webhook}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a test event and tells how it went
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["postWebhooksByWebhookTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists what was sent and what failed, the newest first
         * @description Needs an API key with the scope `admin`.
         */
        get: operations["getWebhooksDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhooks/deliveries/{delivery}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a delivery again
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["postWebhooksDeliveriesByDeliveryReplay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page to read and try this API */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether the service can do its work */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Explains an error code */
        get: operations["getProblemsByCode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/startServer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Starts the service again
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["postStartServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stopServer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stops the service: within 5 seconds, everybody but an admin gets 503
         * @description Needs an API key with the scope `admin`.
         */
        post: operations["postStopServer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccessToken: {
            /**
             * @description Seconds for which the token is valid
             * @constant
             */
            duration: 600;
            /** Format: date-time */
            expiresAt: string;
            /** @description For `Authorization: Bearer …`, or in place of the user name in Basic */
            token: string;
            /** @constant */
            tokenType: "Bearer";
        };
        Balance: {
            /**
             * Format: int64
             * @description Credits of a month
             */
            allowance: number;
            /** Format: int64 */
            anchorDay: number;
            /** Format: int64 */
            balance: number;
            grants: {
                /** Format: int64 */
                amount: number;
                /** @description Empty: never */
                expiresAt: string;
                /** @description Empty for an allowance that is not opened yet */
                id: string;
                /** Format: int64 */
                remaining: number;
                /** @enum {string} */
                source: "plan" | "topup" | "adjustment";
            }[];
            /**
             * Format: int64
             * @description At this balance or below it is low
             */
            lowAt: number;
            period: {
                /** Format: date-time */
                end: string;
                /** Format: date-time */
                start: string;
            };
            /** Format: date-time */
            resetsAt: string;
            timeZone: string;
        };
        BatchResults: {
            /** @description One a change, in order. Changes of one user and stat succeed or fail together, by their sum; where they pass a bound on the way, the bound is shown. */
            results: ({
                /** Format: int64 */
                change: number;
                /** Format: int64 */
                index: number;
                /** Format: int64 */
                level: number;
                leveledUp: boolean;
                /**
                 * Format: int64
                 * @description Total XP at which the next level begins; 0 at the top level
                 */
                nextLevelXp: number;
                /** @constant */
                ok: true;
                /** Format: int64 */
                previous: number;
                /** Format: int64 */
                previousLevel: number;
                /** @enum {string} */
                stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
                username: string;
                /** Format: int64 */
                value: number;
            } | {
                /** @enum {string} */
                code: "not_found" | "invalid_request" | "out_of_bounds";
                detail: string;
                /** Format: int64 */
                index: number;
                /** @constant */
                ok: false;
            })[];
        };
        Captured: {
            /** Format: int64 */
            balance: number;
            /** Format: int64 */
            captured: number;
            id: string;
            /** Format: int64 */
            released: number;
        };
        Catalog: {
            stats: {
                /** Format: int64 */
                default: number;
                /** Format: int64 */
                max: number;
                /**
                 * Format: int64
                 * @description What one call changes it by at most, up or down, where players change their own stats
                 */
                maxChange: number;
                /** Format: int64 */
                min: number;
                /** @enum {string} */
                stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
                /** Format: int64 */
                topLevel: number;
            }[];
        };
        ChangedProfile: {
            email: string;
            /** Format: int64 */
            id: number;
            /**
             * Format: int64
             * @description API keys of this user that are still active
             */
            keys: number;
            username: string;
        };
        ChangedStats: {
            changes: {
                /** Format: int64 */
                change: number;
                /** Format: int64 */
                level: number;
                leveledUp: boolean;
                /**
                 * Format: int64
                 * @description Total XP at which the next level begins; 0 at the top level
                 */
                nextLevelXp: number;
                /** Format: int64 */
                previous: number;
                /** Format: int64 */
                previousLevel: number;
                /** @enum {string} */
                stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
                /** Format: int64 */
                value: number;
            }[];
            stats: components["schemas"]["StatValues"];
        };
        CreatedUser: {
            /** Format: int64 */
            id: number;
            /** @description Only if it was made up */
            password?: string;
            username: string;
        };
        CreatedWebhook: {
            /** Format: date-time */
            createdAt: string;
            enabled: boolean;
            events: ("credits.low" | "credits.exhausted" | "credits.reset" | "service.stopped" | "service.started" | "service.failing" | "job.failed" | "webhook.disabled")[];
            /**
             * @description `standard`: signed by the Standard Webhooks specification. `discord`, `slack`: a sentence for a channel. Left out: `discord` or `slack` for a URL of theirs, otherwise `standard`
             * @enum {string}
             */
            format: "standard" | "discord" | "slack";
            id: string;
            /** @description `whsec_…`: what receivers verify signatures with; shown this once */
            secret: string;
            url: string;
        };
        Datasets: {
            datasets: {
                dataset: string;
                /** Format: int64 */
                entries: number;
                /** Format: date-time */
                updatedAt: string;
            }[];
        };
        Deliveries: {
            deliveries: components["schemas"]["Delivery"][];
            nextCursor: string;
        };
        Delivery: {
            /** Format: int64 */
            attempts: number;
            /** Format: date-time */
            createdAt: string;
            deliveredAt: string | "";
            /** @enum {string} */
            event: "credits.low" | "credits.exhausted" | "credits.reset" | "service.stopped" | "service.started" | "service.failing" | "job.failed" | "webhook.disabled" | "webhook.test";
            /** @description The `webhook-id` header; the same in every attempt */
            eventId: string;
            id: string;
            lastError: string;
            /**
             * Format: int64
             * @description The status of the receiver's last answer; 0 where there was none
             */
            lastStatus: number;
            nextAttemptAt: string | "";
            payload: {
                /** @description What the event tells */
                data: {
                    [key: string]: unknown;
                };
                /** Format: date-time */
                timestamp: string;
                type: string;
            };
            /**
             * @description `pending`: it is tried (again) at `nextAttemptAt`. `dead`: it is not tried again, unless it is replayed
             * @enum {string}
             */
            status: "pending" | "delivered" | "dead";
            webhookId: string;
        };
        Entry: {
            data: unknown;
            dataset: string;
            key: string;
        };
        Explanation: {
            /** @enum {string} */
            code: "invalid_request" | "unauthenticated" | "invalid_credentials" | "token_expired" | "insufficient_credits" | "forbidden" | "not_found" | "method_not_allowed" | "username_taken" | "email_taken" | "conflict" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "out_of_bounds" | "exceeds_hold" | "rate_limited" | "internal" | "stopped" | "unavailable";
            /** @description Markdown: names stand in backticks */
            explanation: string;
            /** Format: int64 */
            status: number;
            title: string;
        };
        /** @description The account, and a list for each table that refers to it */
        Export: {
            account: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            exportedAt: string;
            ledger: {
                [key: string]: unknown;
            }[];
        } & {
            [key: string]: {
                [key: string]: unknown;
            }[];
        };
        Granted: {
            /** Format: int64 */
            amount: number;
            /** Format: int64 */
            balance: number;
            expiresAt: string;
            id: string;
        };
        Health: {
            /**
             * @description Whether the operator has stopped it
             * @enum {string}
             */
            service: "running" | "stopped";
            /** @constant */
            status: "ok";
        };
        Held: {
            /** Format: int64 */
            amount: number;
            /** Format: int64 */
            balance: number;
            /** Format: date-time */
            expiresAt: string;
            id: string;
        };
        Job: {
            action: string;
            enabled: boolean;
            /**
             * Format: int64
             * @description In a row
             */
            failures: number;
            id: string;
            /** @description Empty after a success */
            lastError: string;
            lastOutcome: string;
            /** @description For what runs each minute: to the hour, while it finds nothing to do */
            lastRunAt: string;
            /** @description ISO 8601; empty for never */
            nextRunAt: string;
            payload: {
                [key: string]: unknown;
            };
            running: boolean;
            schedule: string;
            /** @description The service needs it: it cannot be changed or removed */
            system: boolean;
        };
        JobRun: {
            error: string;
            id: string;
            outcome: string;
            runId: string;
            /** @enum {string} */
            state: "done" | "failed" | "running";
        };
        Jobs: {
            jobs: components["schemas"]["Job"][];
        };
        Json: unknown;
        Key: {
            /** Format: date-time */
            createdAt: string;
            /** @description ISO 8601; empty for a key that does not expire */
            expiresAt: string;
            id: string;
            /** @description How the key ends */
            lastFour: string;
            /** @description ISO 8601, to the hour; empty before the first use */
            lastUsedAt: string;
            name: string;
            /** @description How the key begins */
            prefix: string;
            scopes: ("metered:read" | "credits:spend" | "credits:charge" | "credits:grant" | "users:write" | "stats:write" | "admin")[];
            /** @description Its owner; empty where nobody owns it */
            username: string;
        };
        Keys: {
            keys: components["schemas"]["Key"][];
        };
        Leaderboard: {
            entries: components["schemas"]["LeaderboardEntry"][];
            nextCursor: string;
            /**
             * @description A stat of the catalog
             * @enum {string}
             */
            stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
        };
        LeaderboardEntry: {
            /** Format: int64 */
            level: number;
            /**
             * Format: int64
             * @description Equal values share a rank: 1, 2, 2, 4
             */
            rank: number;
            username: string;
            /** Format: int64 */
            value: number;
        };
        Ledger: {
            entries: {
                /**
                 * Format: int64
                 * @description Signed
                 */
                amount: number;
                /** Format: int64 */
                balanceAfter: number;
                /** Format: date-time */
                createdAt: string;
                id: string;
                /** @enum {string} */
                kind: "grant" | "spend" | "hold" | "capture" | "release" | "refund" | "adjustment";
                operation: string;
                reason: string;
            }[];
            nextCursor: string;
        };
        Level: {
            /** Format: int64 */
            level: number;
            /**
             * Format: int64
             * @description Total XP at which this level begins
             */
            levelXp: number;
            /**
             * Format: int64
             * @description Total XP at which the next level begins; 0 at the top level
             */
            nextLevelXp: number;
            /** @enum {string} */
            stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
            /** Format: int64 */
            xp: number;
        };
        ManagedUser: {
            disabled: boolean;
            email: string;
            /** Format: int64 */
            id: number;
            username: string;
        };
        Neighbours: {
            entries: components["schemas"]["LeaderboardEntry"][];
            /**
             * @description A stat of the catalog
             * @enum {string}
             */
            stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
        };
        OwnProfile: {
            /** Format: date-time */
            createdAt: string;
            /** @description Empty if there is none */
            email: string;
            /** Format: int64 */
            id: number;
            levels: components["schemas"]["Level"][];
            stats: components["schemas"]["StatValues"];
            username: string;
        };
        PasswordReset: {
            /** Format: date-time */
            expiresAt: string;
            /** @description Works once; shown once */
            token: string;
        };
        PasswordSet: {
            /** Format: int64 */
            id: number;
            username: string;
        };
        /** @description application/problem+json, RFC 9457 */
        Problem: {
            /**
             * Format: int64
             * @description With `insufficient_credits`
             */
            balance?: number;
            /** @enum {string} */
            code: "invalid_request" | "unauthenticated" | "invalid_credentials" | "token_expired" | "insufficient_credits" | "forbidden" | "not_found" | "method_not_allowed" | "username_taken" | "email_taken" | "conflict" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "out_of_bounds" | "exceeds_hold" | "rate_limited" | "internal" | "stopped" | "unavailable";
            detail: string;
            errors?: {
                message: string;
                path: string;
            }[];
            requestId: string;
            /**
             * Format: int64
             * @description With `insufficient_credits`
             */
            required?: number;
            /** @description With `forbidden`: a scope that would help */
            requiredScope?: string;
            /**
             * Format: date-time
             * @description With `insufficient_credits`
             */
            resetsAt?: string;
            /** Format: int64 */
            status: number;
            title: string;
            /** @description A path of this service that explains the code */
            type: string;
        };
        Profile: {
            /** Format: date-time */
            createdAt: string;
            /** Format: int64 */
            id: number;
            levels: components["schemas"]["Level"][];
            stats: components["schemas"]["StatValues"];
            username: string;
        };
        Profiles: {
            users: components["schemas"]["Profile"][];
        };
        Refunded: {
            /** Format: int64 */
            amount: number;
            /** Format: int64 */
            balance: number;
            id: string;
            /**
             * Format: int64
             * @description How much of it is live again; the rest went back to a grant that has expired
             */
            restored: number;
        };
        Released: {
            /** Format: int64 */
            balance: number;
            id: string;
            /** Format: int64 */
            released: number;
        };
        ServiceState: {
            /** @enum {string} */
            state: "running" | "stopped";
            /** @description ISO 8601; empty while it is running */
            stoppedAt: string;
        };
        Sessions: {
            sessions: {
                /** Format: date-time */
                createdAt: string;
                /** @description True for the one whose token makes this call */
                current: boolean;
                /**
                 * Format: date-time
                 * @description When it ends, unless it is refreshed before
                 */
                expiresAt: string;
                id: string;
                /**
                 * Format: date-time
                 * @description When its latest tokens were issued
                 */
                lastUsedAt: string;
            }[];
        };
        ShownKey: {
            /** Format: date-time */
            createdAt: string;
            /** @description ISO 8601; empty for a key that does not expire */
            expiresAt: string;
            id: string;
            /** @description The key itself, shown this once */
            key: string;
            /** @description How the key ends */
            lastFour: string;
            /** @description ISO 8601, to the hour; empty before the first use */
            lastUsedAt: string;
            name: string;
            /** @description How the key begins */
            prefix: string;
            scopes: ("metered:read" | "credits:spend" | "credits:charge" | "credits:grant" | "users:write" | "stats:write" | "admin")[];
            /** @description Its owner; empty where nobody owns it */
            username: string;
        };
        Spent: {
            /** Format: int64 */
            balance: number;
            /** Format: int64 */
            charged: number;
            id: string;
        };
        StatValues: {
            /** Format: int64 */
            blockXp: number;
            /** Format: int64 */
            evasionXp: number;
            /** Format: int64 */
            healthXp: number;
            /** Format: int64 */
            magicAtkXp: number;
            /** Format: int64 */
            meleeAtkXp: number;
            /** Format: int64 */
            rangeAtkXp: number;
            /** Format: int64 */
            resistXp: number;
            /** Format: int64 */
            shieldXp: number;
            /** Format: int64 */
            sizeXp: number;
            /** Format: int64 */
            speedXp: number;
        };
        TokenPair: {
            /**
             * @description Seconds for which the token is valid
             * @constant
             */
            duration: 600;
            /** Format: date-time */
            expiresAt: string;
            /** @description Gets the next pair of tokens. Works once, within 30 days */
            refreshToken: string;
            /** @description For `Authorization: Bearer …`, or in place of the user name in Basic */
            token: string;
            /** @constant */
            tokenType: "Bearer";
        };
        Usage: {
            days: {
                /** Format: int64 */
                calls: number;
                /** Format: int64 */
                credits: number;
                /** Format: date */
                day: string;
                operation: string;
            }[];
        };
        Usernames: {
            nextCursor: string;
            users: string[];
        };
        UserStats: {
            levels: components["schemas"]["Level"][];
            stats: components["schemas"]["StatValues"];
        };
        Webhook: {
            /** Format: date-time */
            createdAt: string;
            enabled: boolean;
            events: ("credits.low" | "credits.exhausted" | "credits.reset" | "service.stopped" | "service.started" | "service.failing" | "job.failed" | "webhook.disabled")[];
            /**
             * @description `standard`: signed by the Standard Webhooks specification. `discord`, `slack`: a sentence for a channel. Left out: `discord` or `slack` for a URL of theirs, otherwise `standard`
             * @enum {string}
             */
            format: "standard" | "discord" | "slack";
            id: string;
            url: string;
        };
        Webhooks: {
            webhooks: components["schemas"]["Webhook"][];
        };
    };
    responses: {
        /** @description `body_too_large`: The body is too large */
        body_too_large: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: Not possible in the present state */
        conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `email_taken`: The email is taken; `conflict`: Not possible in the present state */
        "email_taken.conflict": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: Not allowed */
        forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency_key_reused`: The Idempotency-Key belongs to another request */
        idempotency_key_reused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency_key_reused`: The Idempotency-Key belongs to another request; `exceeds_hold`: More than the hold has */
        "idempotency_key_reused.exceeds_hold": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `idempotency_key_reused`: The Idempotency-Key belongs to another request; `out_of_bounds`: A stat would leave its bounds */
        "idempotency_key_reused.out_of_bounds": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `insufficient_credits`: Not enough credits */
        insufficient_credits: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal`: Internal error */
        internal: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_credentials`: Wrong user name or password */
        invalid_credentials: {
            headers: {
                /** @description Always `Bearer`. */
                "WWW-Authenticate"?: string;
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `invalid_request`: The request is malformed */
        invalid_request: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: Not found */
        not_found: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate_limited`: Too many attempts */
        rate_limited: {
            headers: {
                /** @description Whole seconds after which another try makes sense. */
                "Retry-After"?: string;
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `stopped`: The service is stopped; `unavailable`: The database cannot be reached */
        "stopped.unavailable": {
            headers: {
                /** @description Whole seconds after which another try makes sense. */
                "Retry-After"?: string;
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: No valid credentials */
        unauthenticated: {
            headers: {
                /** @description Always `Bearer`. */
                "WWW-Authenticate"?: string;
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`: No valid credentials; `invalid_credentials`: Wrong user name or password; `token_expired`: The token has expired */
        "unauthenticated.invalid_credentials.token_expired": {
            headers: {
                /** @description Always `Bearer`. */
                "WWW-Authenticate"?: string;
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: The body is not declared as JSON */
        unsupported_media_type: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `username_taken`: The user name is taken; `email_taken`: The email is taken */
        "username_taken.email_taken": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `username_taken`: The user name is taken; `email_taken`: The email is taken; `conflict`: Not possible in the present state */
        "username_taken.email_taken.conflict": {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
        IdempotencyKey: string;
        /** @description An `ETag` from before: the answer is 304 while it still holds. */
        IfNoneMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description `true` where this is the first answer again. */
        "Idempotency-Replayed": string;
        /** @description The name of this request in the log. */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAhWarmup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["invalid_request"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getCredits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Balance"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postCreditsHolds: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    amount: number;
                    expiresInSeconds: number;
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Held"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            402: components["responses"]["insufficient_credits"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postCreditsHoldsByIdCapture: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The `id` of a hold */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    amount: number;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Captured"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused.exceeds_hold"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postCreditsHoldsByIdRelease: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The `id` of a hold */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Released"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getCreditsLedger: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. It is signed: another one is refused, and so is that of another list */
                cursor?: string;
                /** @description Entries of a page; 50 where it is left out */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ledger"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postCreditsRefunds: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    id: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refunded"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postCreditsSpend: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    amount: number;
                    reason?: string;
                    /** @description Somebody else's needs `credits:charge` */
                    username?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Spent"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            402: components["responses"]["insufficient_credits"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getCreditsUsage: {
        parameters: {
            query?: {
                /** @description UTC days, today among them; 30 where it is left out */
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getDatasets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Datasets"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    putDatasetsByDatasetByKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A dataset */
                dataset: string;
                /** @description An entry of it */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Any JSON. It is stored as it was sent, or refused: whole numbers beyond 2^53 − 1, `__proto__`, a name given twice, half a surrogate pair, more than 64 levels */
                    data: components["schemas"]["Json"];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            /** @description OK */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteDatasetsByDatasetByKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A dataset */
                dataset: string;
                /** @description An entry of it */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Jobs"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getJobsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    putJobsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a job */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @constant */
                    action: "credits.grant";
                    /** @default true */
                    enabled?: boolean;
                    payload: {
                        amount: number;
                        /** @description How long the gift can be spent; 90 days where it is left out */
                        expiresInDays?: number;
                        reason: string;
                        /** @description Left out: everyone */
                        usernames?: string[];
                    };
                    /** @description `every 10m` (m, h or d, in lower case; a minute at least), or a cron line of five fields and a time zone: `0 9 * * 1 Europe/Berlin`. UTC where no zone is named */
                    schedule: string;
                } | {
                    /** @constant */
                    action: "webhook.post";
                    /** @default true */
                    enabled?: boolean;
                    payload: {
                        /** @description Left out: {"job", "runId", "timestamp"} */
                        body?: components["schemas"]["Json"];
                        /** Format: uri */
                        url: string;
                    };
                    /** @description `every 10m` (m, h or d, in lower case; a minute at least), or a cron line of five fields and a time zone: `0 9 * * 1 Europe/Berlin`. UTC where no zone is named */
                    schedule: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description OK */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteJobsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of a job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postJobsByIdRun: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The name of a job */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobRun"];
                };
            };
            /** @description OK */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobRun"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getKeys: {
        parameters: {
            query?: {
                /** @description With `admin`: whose keys. Left out, nobody's */
                username?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Keys"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postKeys: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Left out, the key is active until it is revoked
                     */
                    expiresAt?: string;
                    /**
                     * @description What the key is for; need not be unique
                     * @example stream overlay
                     */
                    name: string;
                    scopes: ("metered:read" | "credits:spend" | "credits:charge" | "credits:grant" | "users:write" | "stats:write" | "admin")[];
                    /** @description With `admin`: who owns the key. Left out, nobody does */
                    username?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShownKey"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteKeysById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a key, which is not the key */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postKeysByIdRotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The `id` of a key, which is not the key */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Seconds for which the old key stays active beside the new one; at most 30 days */
                    overlapSeconds?: number;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShownKey"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getLeaderboardsByStat: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. It is signed: another one is refused, and so is that of another list */
                cursor?: string;
                /** @description Entries of a page; 10 where it is left out */
                limit?: number;
            };
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description A stat of the catalog */
                stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leaderboard"];
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            404: components["responses"]["not_found"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getLeaderboardsByStatAroundByUser: {
        parameters: {
            query?: {
                /** @description Entries on each side; 5 where it is left out */
                radius?: number;
            };
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description A stat of the catalog */
                stat: "meleeAtkXp" | "magicAtkXp" | "rangeAtkXp" | "healthXp" | "shieldXp" | "evasionXp" | "sizeXp" | "blockXp" | "resistXp" | "speedXp";
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Neighbours"];
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postPasswordReset: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 6 to 128 characters of any Unicode, counted and compared after NFKC; the operator may ask for more */
                    newPassword: string;
                    token: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordSet"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["invalid_credentials"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getResource: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnProfile"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getService: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceState"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sessions"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended, with their access tokens */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteSessionsById: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of a session */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ended, with its access token */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalog"];
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postStatsBatch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    changes: ({
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        change: number;
                        stat: string;
                        /**
                         * Format: int64
                         * @description Who, by id
                         */
                        userId?: number;
                        /** @description Who; an empty one counts as absent */
                        username?: string;
                    } & (unknown | unknown))[];
                    /** @description Unknown names become users without a password; needs the scope `users:write` as well */
                    createMissing?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchResults"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessToken"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postTokenRefresh: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    refreshToken: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsers: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. It is signed: another one is refused, and so is that of another list */
                cursor?: string;
                /** @description Entries of a page; 100 where it is left out */
                limit?: number;
                /** @description How the names begin, whatever their case */
                prefix?: string;
            };
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usernames"];
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postUsers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Without blanks and invisible characters; unique whatever its case and Unicode form */
                    email?: string;
                    /** @description Left out, one is made up and shown this once */
                    password?: string;
                    /**
                     * @description Left out, one is made up
                     * @example kicksent
                     */
                    username?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedUser"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["username_taken.email_taken"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsersByUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profile"];
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteUsersByUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    patchUsersByUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description A disabled user cannot log in, act or spend */
                    disabled?: boolean;
                    email?: "" | string;
                    /**
                     * @description 1 to 32 of `A-Z a-z 0-9 _ . -` with at least one letter; unique whatever its case
                     * @example kicksent
                     */
                    username?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ManagedUser"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["username_taken.email_taken.conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsersByUserCredits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Balance"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    patchUsersByUserCredits: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description Counts at once */
                    allowance?: number;
                    /** @description Counts from the next period */
                    anchorDay?: number;
                    lowAt?: number;
                    timeZone?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Balance"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postUsersByUserCreditsGrants: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    amount: number;
                    /** Format: date-time */
                    expiresAt?: string;
                    reason: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Granted"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsersByUserCreditsLedger: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. It is signed: another one is refused, and so is that of another list */
                cursor?: string;
                /** @description Entries of a page; 50 where it is left out */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ledger"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsersByUserCreditsUsage: {
        parameters: {
            query?: {
                /** @description UTC days, today among them; 30 where it is left out */
                days?: number;
            };
            header?: never;
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postUsersByUserPasswordReset: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordReset"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsersByUserStats: {
        parameters: {
            query?: never;
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserStats"];
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    patchUsersByUserStats: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A user name, a user id, or `me` */
                user: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    changes: {
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        blockXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        evasionXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        healthXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        magicAtkXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        meleeAtkXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        rangeAtkXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        resistXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        shieldXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        sizeXp?: number;
                        /**
                         * Format: int64
                         * @description Is added to the value; a change of 0 changes nothing
                         */
                        speedXp?: number;
                    };
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedStats"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused.out_of_bounds"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postUsersLookup: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    usernames: string[];
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Profiles"];
                };
            };
            400: components["responses"]["invalid_request"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsersMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnProfile"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteUsersMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    currentPassword: string;
                };
            };
        };
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    patchUsersMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    currentPassword: string;
                    email?: "" | string;
                    /** @description 6 to 128 characters of any Unicode, counted and compared after NFKC; the operator may ask for more */
                    newPassword?: string;
                    /** @description Revokes every API key of this user */
                    revokeKeys?: boolean;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedProfile"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["email_taken.conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getUsersMeExport: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account, and a list for each table that refers to it */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postUsersUpdate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Without blanks and invisible characters; unique whatever its case and Unicode form */
                    email?: string;
                    /** @description 6 to 128 characters of any Unicode, counted and compared after NFKC; the operator may ask for more */
                    new_password?: string;
                    password: string;
                    username: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedProfile"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["invalid_credentials"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["email_taken.conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getV10ByDatasetByKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description A dataset */
                dataset: string;
                /** @description An entry of it */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    /** @description Credits that are left, and seconds until the allowance is filled up: `"credits";r=…;t=…` */
                    RateLimit?: string;
                    /** @description The allowance of a period: `"credits";q=…` */
                    "RateLimit-Policy"?: string;
                    /** @description Credits that the call took */
                    "X-Credits-Cost"?: string;
                    /** @description Credits that are left */
                    "X-Credits-Remaining"?: string;
                    /** @description When the allowance is filled up, ISO 8601 */
                    "X-Credits-Reset"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Entry"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            402: components["responses"]["insufficient_credits"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhooks"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postWebhooks: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    events: ("credits.low" | "credits.exhausted" | "credits.reset" | "service.stopped" | "service.started" | "service.failing" | "job.failed" | "webhook.disabled")[];
                    /**
                     * @description `standard`: signed by the Standard Webhooks specification. `discord`, `slack`: a sentence for a channel. Left out: `discord` or `slack` for a URL of theirs, otherwise `standard`
                     * @enum {string}
                     */
                    format?: "standard" | "discord" | "slack";
                    /**
                     * Format: uri
                     * @description https, a public host, no user name or password, at most 2,048 characters
                     * @example https://example.com/alerts
                     */
                    url: string;
                };
            };
        };
        responses: {
            /** @description OK */
            201: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            409: components["responses"]["conflict"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getWebhooksByWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of an endpoint */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    deleteWebhooksByWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The `id` of an endpoint */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    patchWebhooksByWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The `id` of an endpoint */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @description A disabled endpoint gets nothing */
                    enabled?: boolean;
                    events?: ("credits.low" | "credits.exhausted" | "credits.reset" | "service.stopped" | "service.started" | "service.failing" | "job.failed" | "webhook.disabled")[];
                    /**
                     * @description `standard`: signed by the Standard Webhooks specification. `discord`, `slack`: a sentence for a channel. Left out: `discord` or `slack` for a URL of theirs, otherwise `standard`
                     * @enum {string}
                     */
                    format?: "standard" | "discord" | "slack";
                    /**
                     * Format: uri
                     * @description https, a public host, no user name or password, at most 2,048 characters
                     * @example https://example.com/alerts
                     */
                    url?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postWebhooksByWebhookTest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The `id` of an endpoint */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getWebhooksDeliveries: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. It is signed: another one is refused, and so is that of another list */
                cursor?: string;
                /** @description Entries of a page; 50 where it is left out */
                limit?: number;
                /** @description `pending`: it is tried (again) at `nextAttemptAt`. `dead`: it is not tried again, unless it is replayed */
                status?: "pending" | "delivered" | "dead";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deliveries"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postWebhooksDeliveriesByDeliveryReplay: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description The `id` of a delivery */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            202: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["not_found"];
            409: components["responses"]["conflict"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page, `text/html` */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["invalid_request"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        openapi: "3.1.0";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    getProblemsByCode: {
        parameters: {
            query?: never;
            header?: {
                /** @description An `ETag` from before: the answer is 304 while it still holds. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description The `code` of an error */
                code: "invalid_request" | "unauthenticated" | "invalid_credentials" | "token_expired" | "insufficient_credits" | "forbidden" | "not_found" | "method_not_allowed" | "username_taken" | "email_taken" | "conflict" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "out_of_bounds" | "exceeds_hold" | "rate_limited" | "internal" | "stopped" | "unavailable";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
            /** @description Not modified: the ETag in `If-None-Match` still holds */
            304: {
                headers: {
                    /** @description Names this state of the answer. */
                    ETag?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["invalid_request"];
            404: components["responses"]["not_found"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postStartServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceState"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
    postStopServer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes the call repeatable for 7 days: the same key with the same request gives the first answer again. Without credentials at least 22 characters. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Idempotency-Replayed": components["headers"]["Idempotency-Replayed"];
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceState"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthenticated.invalid_credentials.token_expired"];
            403: components["responses"]["forbidden"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["rate_limited"];
            500: components["responses"]["internal"];
            503: components["responses"]["stopped.unavailable"];
        };
    };
}
