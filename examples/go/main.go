// What people come to redis-atomic for, with go-redis.
// REDIS_URL names the server; without it, the one on this machine.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

func main() {
	options, err := redis.ParseURL(cmp.Or(os.Getenv("REDIS_URL"), "redis://127.0.0.1:6379"))
	if err != nil {
		log.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	ctx := context.Background()
	for _, part := range []func(context.Context, *redis.Client) error{
		replace, updateByDigest, workUnderALock,
	} {
		if err := part(ctx, client); err != nil {
			log.Fatal(err)
		}
	}
}

func replace(ctx context.Context, client *redis.Client) error {
	client.HSet(ctx, "example:user", "name", "Ada", "email", "ada@example.com")
	err := client.Do(ctx, "ATOMIC.REPLACEHASH", "example:user", "name", "Grace", "role", "admin").Err()
	if err != nil {
		return err
	}
	var pairs []string
	for field, value := range client.HGetAll(ctx, "example:user").Val() {
		pairs = append(pairs, field+"="+value)
	}
	slices.Sort(pairs)
	fmt.Println("user is now", strings.Join(pairs, " "))

	client.SAdd(ctx, "example:allow", "10.0.0.1", "10.0.0.9")
	err = client.Do(ctx, "ATOMIC.REPLACESET", "example:allow", "10.0.0.1", "10.0.0.2").Err()
	if err != nil {
		return err
	}
	allow := client.SMembers(ctx, "example:allow").Val()
	slices.Sort(allow)
	fmt.Println("allow is now", strings.Join(allow, " "))
	return nil
}

// update changes a string, and tries again where somebody else was faster.
func update(
	ctx context.Context, client *redis.Client, key string, change func(string) string,
) (changed string, tries int, err error) {
	for tries = 1; tries <= 10; tries++ {
		seen, err := client.Do(ctx, "CAS.GET", key).StringSlice()
		if err != nil {
			return "", tries, err
		}
		digest, value := seen[0], seen[1]
		changed = change(value)
		err = client.Do(ctx, "CAS.SET", key, "IFDEQ", digest, changed).Err()
		if !errors.Is(err, redis.Nil) {
			return changed, tries, err
		}
	}
	return "", tries, fmt.Errorf("%s changes too often", key)
}

func updateByDigest(ctx context.Context, client *redis.Client) error {
	const key = "example:document"
	client.Set(ctx, key, "draft", 0)
	text, tries, err := update(ctx, client, key, func(text string) string {
		if text == "draft" { // somebody else is faster, this once
			client.Append(ctx, key, ", reviewed")
		}
		return text + ", signed"
	})
	if err != nil {
		return err
	}
	fmt.Printf("document after %d tries: %s\n", tries, text)
	return nil
}

const (
	lock   = "example:{report}:lock"
	fence  = "example:{report}:fence"
	report = "example:{report}"
)

// acquire returns the fencing token, or 0 after a second of waiting.
func acquire(ctx context.Context, client *redis.Client, token string, milliseconds int) (int64, error) {
	return client.Do(ctx,
		"LOCK.ACQUIRE", lock, token, "PX", milliseconds, "BLOCK", 1000, "FENCE", fence).Int64()
}

// write writes the report, unless it was written under a later fence.
func write(ctx context.Context, client *redis.Client, number int64, text string) string {
	written, err := client.Do(ctx, "CAS.HSET", report, "fence", "IFLT", number,
		"FIELDS", 2, "fence", number, "text", text).Bool()
	switch {
	case err != nil:
		return err.Error()
	case written:
		return "accepted"
	default:
		return "refused"
	}
}

func release(ctx context.Context, client *redis.Client, token string) string {
	released, err := client.Do(ctx, "LOCK.RELEASE", lock, token).Bool()
	switch {
	case err != nil:
		return err.Error()
	case released:
		return "done"
	default:
		return "no longer its own"
	}
}

func workUnderALock(ctx context.Context, client *redis.Client) error {
	a, b := rand.Text(), rand.Text()
	client.Del(ctx, lock, fence, report)
	fenceA, err := acquire(ctx, client, a, 100)
	if err != nil {
		return err
	}
	fmt.Println("A holds the lock, fence", fenceA)
	fenceB, err := acquire(ctx, client, b, 30_000)
	if err != nil {
		return err
	}
	fmt.Println("A stalls until its lock expires; B waited and holds it, fence", fenceB)
	fmt.Printf("B writes under fence %d: %s\n", fenceB, write(ctx, client, fenceB, "by B"))
	fmt.Printf("A writes under fence %d: %s\n", fenceA, write(ctx, client, fenceA, "by A"))
	fmt.Println("A releases the lock:", release(ctx, client, a))
	fmt.Println("B releases the lock:", release(ctx, client, b))
	fmt.Println("report:", client.HGet(ctx, report, "text").Val())
	return nil
}
