// The calls of go-redis that came with Redis 8.4, as its users write them.
package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

const other = 1 // the digest of no value in here

var ctx = context.Background()

// Runs a test on an empty server in both protocols.
func on(t *testing.T, test func(t *testing.T, client *redis.Client)) {
	for name, protocol := range map[string]int{"RESP2": 2, "RESP3": 3} {
		t.Run(name, func(t *testing.T) {
			options, err := redis.ParseURL(os.Getenv("REDIS_URL"))
			if err != nil {
				t.Fatal(err)
			}
			options.Protocol = protocol
			client := redis.NewClient(options)
			defer client.Close()
			if err := client.FlushAll(ctx).Err(); err != nil {
				t.Fatal(err)
			}
			test(t, client)
		})
	}
}

func set(t *testing.T, client *redis.Client, key, value string) {
	t.Helper()
	if err := client.Set(ctx, key, value, 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t *testing.T, seen T, expected T) {
	t.Helper()
	if seen != expected {
		t.Fatalf("%v, not %v", seen, expected)
	}
}

func succeeds(t *testing.T, err error) {
	t.Helper()
	want(t, err, nil)
}

func isRefused(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, redis.Nil) {
		t.Fatalf("%v, not redis.Nil", err)
	}
}

func fails(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), text) {
		t.Fatalf("%v, not %s", err, text)
	}
}

func TestSetIFEQ(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "a")
		succeeds(t, client.SetIFEQ(ctx, "k", "b", "a", 0).Err())
		isRefused(t, client.SetIFEQ(ctx, "k", "c", "a", 0).Err())
		isRefused(t, client.SetIFEQ(ctx, "missing", "c", "a", 0).Err())
		want(t, client.Get(ctx, "k").Val(), "b")
		want(t, client.Exists(ctx, "missing").Val(), 0)
	})
}

func TestSetIFNE(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "a")
		isRefused(t, client.SetIFNE(ctx, "k", "b", "a", 0).Err())
		succeeds(t, client.SetIFNE(ctx, "k", "b", "x", 0).Err())
		succeeds(t, client.SetIFNE(ctx, "missing", "b", "x", 0).Err())
		want(t, client.Get(ctx, "missing").Val(), "b")
	})
}

func TestSetIFDEQ(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "a")
		digest := client.Digest(ctx, "k").Val()
		isRefused(t, client.SetIFDEQ(ctx, "k", "b", other, 0).Err())
		succeeds(t, client.SetIFDEQ(ctx, "k", "b", digest, 0).Err())
		isRefused(t, client.SetIFDEQ(ctx, "k", "c", digest, 0).Err())
		want(t, client.Get(ctx, "k").Val(), "b")
	})
}

func TestSetIFDNE(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "a")
		digest := client.Digest(ctx, "k").Val()
		isRefused(t, client.SetIFDNE(ctx, "k", "b", digest, 0).Err())
		succeeds(t, client.SetIFDNE(ctx, "k", "b", other, 0).Err())
		succeeds(t, client.SetIFDNE(ctx, "missing", "b", digest, 0).Err())
		want(t, client.Get(ctx, "missing").Val(), "b")
	})
}

func TestGetReturnsTheValueBeforeWhateverBecomesOfIt(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "a")
		digest := client.Digest(ctx, "k").Val()
		want(t, client.SetIFEQGet(ctx, "k", "b", "a", 0).Val(), "a")
		want(t, client.SetIFEQGet(ctx, "k", "c", "a", 0).Val(), "b")
		want(t, client.SetIFNEGet(ctx, "k", "c", "a", 0).Val(), "b")
		want(t, client.SetIFDEQGet(ctx, "k", "d", digest, 0).Val(), "c")
		want(t, client.SetIFDNEGet(ctx, "k", "d", digest, 0).Val(), "c")
		want(t, client.Get(ctx, "k").Val(), "d")
	})
}

func TestExpiry(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "a")
		for _, time := range []time.Duration{1000 * time.Second, 1000*time.Second + time.Millisecond} {
			succeeds(t, client.SetIFEQ(ctx, "k", "a", "a", time).Err())
			if left := client.TTL(ctx, "k").Val().Seconds(); left < 900 || left > 1001 {
				t.Fatalf("%v s", left)
			}
		}
		kept := redis.SetArgs{Mode: "IFEQ", MatchValue: "a", KeepTTL: true}
		succeeds(t, client.SetArgs(ctx, "k", "b", kept).Err())
		if left := client.TTL(ctx, "k").Val().Seconds(); left < 900 {
			t.Fatalf("%v s", left)
		}
		succeeds(t, client.SetIFEQ(ctx, "k", "c", "b", 0).Err())
		want(t, client.TTL(ctx, "k").Val(), -1)
		until := redis.SetArgs{Mode: "IFEQ", MatchValue: "c", ExpireAt: time.Now().Add(1000 * time.Second)}
		succeeds(t, client.SetArgs(ctx, "k", "d", until).Err())
		if left := client.TTL(ctx, "k").Val().Seconds(); left < 900 {
			t.Fatalf("%v s", left)
		}
	})
}

func TestDelEx(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "a")
		digest := client.Digest(ctx, "k").Val()
		for _, miss := range []redis.DelExArgs{
			{Mode: "IFEQ", MatchValue: "b"},
			{Mode: "IFNE", MatchValue: "a"},
			{Mode: "IFDEQ", MatchDigest: other},
			{Mode: "IFDNE", MatchDigest: digest},
		} {
			want(t, client.DelExArgs(ctx, "k", miss).Val(), 0)
		}
		want(t, client.Exists(ctx, "k").Val(), 1)
		for _, hit := range []redis.DelExArgs{
			{},
			{Mode: "IFEQ", MatchValue: "a"},
			{Mode: "IFNE", MatchValue: "b"},
			{Mode: "IFDEQ", MatchDigest: digest},
			{Mode: "IFDNE", MatchDigest: other},
		} {
			set(t, client, "k", "a")
			want(t, client.DelExArgs(ctx, "k", hit).Val(), 1)
			want(t, client.DelExArgs(ctx, "k", hit).Val(), 0)
		}
	})
}

func TestDigest(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		set(t, client, "k", "Hello world")
		want(t, client.Digest(ctx, "k").Val(), 0xb6acb9d84a38ff74)
		set(t, client, "k", "7")
		want(t, client.Digest(ctx, "k").Val(), 0x06eed105b82285fa)
		isRefused(t, client.Digest(ctx, "missing").Err())
	})
}

func TestErrors(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		succeeds(t, client.RPush(ctx, "l", "a").Err())
		fails(t, client.SetIFEQ(ctx, "l", "b", "a", 0).Err(), "WRONGTYPE ")
		fails(t, client.Digest(ctx, "l").Err(), "WRONGTYPE ")
		byValue := redis.DelExArgs{Mode: "IFEQ", MatchValue: "a"}
		fails(t, client.DelExArgs(ctx, "l", byValue).Err(), "ERR Key should be of string type")
	})
}

func TestPipelines(t *testing.T) {
	on(t, func(t *testing.T, client *redis.Client) {
		for _, pipeline := range []redis.Pipeliner{client.Pipeline(), client.TxPipeline()} {
			pipeline.Set(ctx, "k", "a", 0)
			first := pipeline.SetIFEQ(ctx, "k", "b", "a", 0)
			second := pipeline.SetIFEQ(ctx, "k", "c", "a", 0)
			digest := pipeline.Digest(ctx, "k")
			deleted := pipeline.DelExArgs(ctx, "k", redis.DelExArgs{Mode: "IFEQ", MatchValue: "b"})
			_, err := pipeline.Exec(ctx)
			isRefused(t, err)
			succeeds(t, first.Err())
			isRefused(t, second.Err())
			succeeds(t, digest.Err())
			want(t, deleted.Val(), 1)
		}
	})
}
