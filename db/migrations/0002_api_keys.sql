CREATE TABLE "switchboard"."api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_by_hash" UNIQUE("hash")
);
--> statement-breakpoint
CREATE INDEX "api_keys_by_owner" ON "switchboard"."api_keys" USING btree ("owner_id");