"""Formats of collectors: every one recognised by content, read into our columns, and hard to break. All rows are invented."""

import bz2
import datetime as dt
import gzip
import io
import json
import lzma
import os
import sys
import tarfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cib
from cib import graphdef, sources, terminal, text
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import CibError
from cib.sources import files, jsontext, layouts, paths, reading, staging
from cib.sources.batch import STAGED_POST
from cib.sources.known import FORMATS, LISTS

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))

import fixtures
import fuzz
import roundtrip

SHARED = os.environ.get("CIB_SHARED")
needs_data = pytest.mark.skipif(SHARED is None, reason="CIB_SHARED does not point at the folder with the real data")
AT = dt.datetime(2024, 3, 1, 10, 0, 5)
EPOCH = 1709287205
ISO = "2024-03-01T10:00:05.000Z"
OLD = "Fri Mar 01 10:00:05 +0000 2024"
LONG = "the polls close at eight tonight so go and vote"
DID = "did:plc:anna"
POST_URI = "at://did:plc:ben/app.bsky.feed.post/3kaaaaaaaaa2a"


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


def x_user(key, name):
    return {"id_str": key, "screen_name": name, "name": name.title(), "followers_count": 7, "created_at": OLD}


V1_LONG = {
    "id_str": "10",
    "created_at": OLD,
    "user": x_user("2", "ben"),
    "text": "cut…",
    "truncated": True,
    "extended_tweet": {
        "full_text": LONG,
        "entities": {"urls": [{"expanded_url": "https://a.example/x"}], "hashtags": [{"text": "Vote"}]},
    },
    "entities": {"urls": [], "hashtags": []},
}
V1 = {
    "id_str": "11",
    "created_at": OLD,
    "user": x_user("1", "anna"),
    "text": "RT @ben: cut…",
    "retweeted_status": V1_LONG,
    "lang": "en",
    "source": '<a href="https://x.example">Deck</a>',
    "favorite_count": 3,
    "colour": "red",
    "entities": {"urls": [], "hashtags": []},
}
V1_SEEN = {
    "post_id": "11",
    "account_id": "1",
    "text": LONG,
    "retweet_of": "10",
    "retweet_of_account": "2",
    "urls": ["https://a.example/x"],
    "hashtags": ["Vote"],
    "client": "Deck",
    "like_count": 3,
    "permalink": "https://twitter.com/anna/status/11",
    "platform": "twitter",
}
V2_PAGE = {
    "data": [
        {
            "id": "21",
            "author_id": "1",
            "created_at": ISO,
            "text": "RT @ben: the polls cl…",
            "referenced_tweets": [{"type": "retweeted", "id": "20"}],
            "public_metrics": {"like_count": 4, "impression_count": 9},
        },
        {
            "id": "22",
            "author_id": "2",
            "created_at": ISO,
            "text": "look",
            "in_reply_to_user_id": "1",
            "referenced_tweets": [{"type": "quoted", "id": "20"}, {"type": "replied_to", "id": "21"}],
            "entities": {
                "urls": [{"url": "https://t.example/1", "unwound_url": "https://a.example/y"}],
                "mentions": [{"username": "anna", "id": "1"}],
            },
            "attachments": {"media_keys": ["3_1"]},
        },
    ],
    "includes": {
        "users": [{"id": "1", "username": "anna", "public_metrics": {"followers_count": 5}, "created_at": ISO}],
        "tweets": [{"id": "20", "author_id": "2", "text": LONG, "entities": {"hashtags": [{"tag": "Vote"}]}}],
    },
    "errors": [{"title": "Not Found Error", "value": "99"}],
    "__twarc": {"retrieved_at": ISO},
}
V2_SEEN = {
    "post_id": "21",
    "text": LONG,
    "retweet_of": "20",
    "retweet_of_account": "2",
    "hashtags": ["Vote"],
    "view_count": 9,
    "collected_at": AT,
    "permalink": "https://twitter.com/anna/status/21",
}
TELEGRAM = {
    "name": "Town",
    "type": "public_channel",
    "id": 77,
    "messages": [
        {"id": 1, "type": "service", "date_unixtime": str(EPOCH), "actor_id": "user5", "action": "pin_message", "text": ""},
        {
            "id": 2,
            "type": "message",
            "date": "2024-03-01T11:00:05",
            "date_unixtime": str(EPOCH),
            "edited_unixtime": str(EPOCH + 60),
            "from": "Anna",
            "from_id": "user5",
            "reply_to_message_id": 1,
            "text": [LONG + " ", {"type": "text_link", "text": "here", "href": "https://a.example/t"}, " #Vote"],
            "text_entities": [
                {"type": "plain", "text": LONG + " "},
                {"type": "text_link", "text": "here", "href": "https://a.example/t"},
                {"type": "plain", "text": " "},
                {"type": "hashtag", "text": "#Vote"},
            ],
        },
        {
            "id": 3,
            "type": "message",
            "date_unixtime": str(EPOCH),
            "from_id": "channel77",
            "forwarded_from": "Elsewhere",
            "forwarded_from_id": "channel8",
            "text": '["no list"]',
        },
    ],
}
STATUS = {
    "id": "5",
    "uri": "https://m.example/users/anna/statuses/5",
    "url": "https://m.example/@anna/5",
    "created_at": ISO,
    "content": f'<p>{LONG} <a href="https://m.example/tags/Vote" class="mention hashtag">#Vote</a><br>'
    '<a href="https://a.example/?a=1&amp;b=2">a link</a></p>',
    "in_reply_to_id": "4",
    "in_reply_to_account_id": "9",
    "language": "en",
    "mentions": [{"id": "9", "url": "https://m.example/@ben", "acct": "ben"}],
    "tags": [{"name": "vote"}],
    "account": {
        "id": "1",
        "acct": "anna",
        "url": "https://m.example/@anna",
        "note": "<p>hi</p>",
        "followers_count": 3,
        "bot": True,
    },
}
EVENT = {"did": DID, "time_us": EPOCH * 1_000_000, "kind": "commit"}
BLUESKY = [
    EVENT
    | {
        "commit": {
            "operation": "create",
            "collection": "app.bsky.feed.post",
            "rkey": "3kbbbbbbbbb2b",
            "record": {
                "text": LONG,
                "createdAt": "1999-01-01T00:00:00Z",
                "langs": ["en"],
                "reply": {"parent": {"uri": POST_URI}},
                "facets": [
                    {"features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://a.example/b"}]},
                    {"features": [{"tag": "Vote"}, {"did": "did:plc:ben"}]},
                ],
                "embed": {"record": {"uri": POST_URI}, "images": [{"image": {"ref": {"$link": "bafy"}}}]},
            },
        }
    },
    EVENT
    | {
        "commit": {
            "operation": "create",
            "collection": "app.bsky.feed.repost",
            "rkey": "3kccccccccc2c",
            "record": {"subject": {"uri": POST_URI}, "createdAt": ISO},
        }
    },
    EVENT
    | {
        "commit": {
            "operation": "create",
            "collection": "app.bsky.feed.like",
            "rkey": "3k",
            "record": {"subject": {"uri": POST_URI}},
        }
    },
    EVENT | {"commit": {"operation": "delete", "collection": "app.bsky.feed.post", "rkey": "3mmoojp4cd223"}},
    EVENT
    | {
        "commit": {
            "operation": "update",
            "collection": "app.bsky.actor.profile",
            "rkey": "self",
            "record": {"displayName": "Anna"},
        }
    },
]
CROWDTANGLE = (
    "Page Name,User Name,Facebook Id,Followers at Posting,Post Created,Likes,Shares,URL,Message,Link,Final Link,Description\n"
    'Town,town,70,5,2024-03-01 05:00:05 EST,"1,234",2,https://www.facebook.com/70/posts/700001,'
    f"{LONG},http://s.example/1,https://a.example/c,About the page\n"
)
TIKTOK = {
    "data": {
        "videos": [{"id": 71, "username": "anna", "create_time": EPOCH, "video_description": LONG, "hashtag_names": ["vote"]}]
    }
}
THREAD = {
    "id": "c1",
    "snippet": {
        "totalReplyCount": 1,
        "topLevelComment": {
            "id": "c1",
            "snippet": {
                "videoId": "v",
                "textOriginal": LONG,
                "authorChannelId": {"value": "UC1"},
                "publishedAt": ISO,
                "updatedAt": ISO,
            },
        },
    },
    "replies": {
        "comments": [
            {
                "id": "c2",
                "snippet": {"parentId": "c1", "textOriginal": "no", "authorChannelId": {"value": "UC2"}, "publishedAt": ISO},
            }
        ]
    },
}
REDDIT = {"author": "anna", "created_utc": EPOCH, "subreddit": "town", "id": "z1", "permalink": "/r/town/z1"}
TELETHON = {
    "_": "Message",
    "id": 9,
    "peer_id": {"_": "PeerChannel", "channel_id": 77},
    "date": "2024-03-01T10:00:05+00:00",
    "message": "😀 see a.example/e",
    "fwd_from": {"date": ISO, "from_id": {"_": "PeerChannel", "channel_id": 8}, "channel_post": 4},
    "media": {"photo": {"id": 555}},
    "entities": [{"_": "MessageEntityUrl", "offset": 7, "length": 11}],
}
ZEESCHUIMER = {
    "nav_index": "1",
    "item_id": "31",
    "timestamp_collected": EPOCH * 1000,
    "source_platform": "twitter.com",
    "data": {
        "rest_id": "31",
        "core": {"user_results": {"result": {"rest_id": "1", "core": {"screen_name": "anna"}, "legacy": {"followers_count": 3}}}},
        "legacy": {
            "created_at": OLD,
            "full_text": "RT @ben: cut…",
            "retweeted_status_result": {"result": {"rest_id": "30", "legacy": {"full_text": LONG, "user_id_str": "2"}}},
        },
    },
}
# name of the format: (the file, what is seen of its first post in file order, posts, rejects)
GOLDEN = {
    "twitter_v1": (json.dumps({"statuses": [V1]}, indent=1), V1_SEEN, 1, 0),
    "twitter_v2_page": (lines(V2_PAGE), V2_SEEN, 2, 1),
    "twitter_v2": (
        json.dumps([V2_PAGE["data"][1]]),
        {
            "quote_of": "20",
            "reply_to": "21",
            "reply_to_account": "1",
            "urls": ["https://a.example/y"],
            "mentions": ["1"],
            "media": ["3_1"],
        },
        1,
        0,
    ),
    "twitter_v2_users": (lines({"data": V2_PAGE["includes"]["users"]}), None, 0, 0),
    "snscrape": (
        lines(
            {
                "id": 41,
                "date": ISO,
                "user": {"id": 1, "username": "anna"},
                "rawContent": LONG,
                "links": None,
                "outlinks": ["https://a.example/s"],
            }
        ),
        {"post_id": "41", "account_id": "1", "text": LONG, "urls": ["https://a.example/s"]},
        1,
        0,
    ),
    "crowdtangle_csv": (
        CROWDTANGLE,
        {
            "post_id": "70_700001",
            "account_id": "70",
            "like_count": 1234,
            "urls": ["https://a.example/c"],
            "created_at": AT,
            "text": LONG,
        },
        1,
        0,
    ),
    "crowdtangle_api": (
        json.dumps(
            {
                "result": {
                    "posts": [
                        {
                            "platformId": "70_700001",
                            "platform": "Facebook",
                            "date": "2024-03-01 10:00:05",
                            "message": LONG,
                            "expandedLinks": [{"original": "http://s.example/1", "expanded": "https://a.example/c"}],
                            "account": {"platformId": "70", "name": "Town", "accountType": "facebook_group"},
                        }
                    ]
                }
            }
        ),
        {"post_id": "70_700001", "container": "70", "urls": ["https://a.example/c"], "platform": "facebook"},
        1,
        0,
    ),
    "meta_content_library": (
        f"id,post_owner.id,post_owner.name,creation_time,text,link_attachment.link,hashtags,shared_post_id\n"
        f"81,70,Town,{ISO},{LONG},https://a.example/m,[vote],80\n",
        {"account_id": "70", "urls": ["https://a.example/m"], "hashtags": ["vote"], "retweet_of": "80", "platform": "facebook"},
        1,
        0,
    ),
    "meta_ad_library": (
        json.dumps(
            {
                "data": [
                    {
                        "id": "91",
                        "page_id": "70",
                        "page_name": "Town",
                        "ad_creation_time": "2024-02-28",
                        "ad_delivery_start_time": "2024-03-01",
                        "ad_creative_bodies": [LONG + " https://a.example/ad", "another version"],
                        "ad_creative_link_captions": ["b.example/vote", "Learn more"],
                        "ad_snapshot_url": "https://www.facebook.com/ads/archive/render_ad/?id=91&access_token=SECRET",
                        "languages": ["en"],
                        "impressions": {"lower_bound": "1000", "upper_bound": "4999"},
                        "spend": {"lower_bound": "100", "upper_bound": "199"},
                    },
                    {"id": "92", "page_id": "70", "ad_delivery_start_time": "soon"},
                ],
                "paging": {"cursors": {"after": "x"}},
            }
        ),
        {
            "post_id": "91",
            "account_id": "70",
            "created_at": dt.datetime(2024, 3, 1),
            "text": LONG + " https://a.example/ad",
            "lang": "en",
            "urls": ["b.example/vote", "https://a.example/ad"],
            "url_keys": ["https://b.example/vote", "https://a.example/ad"],
            "view_count": 1000,
            "permalink": "https://www.facebook.com/ads/library/?id=91",
            "platform": "facebook",
        },
        1,
        1,
    ),
    "telegram_desktop": (
        json.dumps(TELEGRAM, indent=1),
        {
            "post_id": "channel77-2",
            "account_id": "user5",
            "container": "channel77",
            "text": LONG + " here #Vote",
            "urls": ["https://a.example/t"],
            "hashtags": ["Vote"],
            "reply_to": "channel77-1",
            "edited_at": AT + dt.timedelta(minutes=1),
        },
        2,
        1,
    ),
    "telethon": (
        lines(TELETHON, TELETHON | {"_": "MessageService", "id": 10}),
        {
            "post_id": "channel77-9",
            "retweet_of": "channel8-4",
            "urls": ["a.example/e"],
            "media": ["555"],
            "account_id": "channel77",
        },
        1,
        1,
    ),
    "telethon_minimal": (
        json.dumps([{"message_id": 3, "sender_id": -10077, "text": LONG, "date": ISO, "channel": "Town"}]),
        {"post_id": "channel77-3", "account_id": "channel77", "container": "channel77"},
        1,
        0,
    ),
    "telegram_history_dump": (
        lines(
            *(
                {
                    "event": event,
                    "id": "ab",
                    "from": {"peer_type": "user", "peer_id": 5, "username": "anna", "phone": "000"},
                    "to": {"peer_type": "channel", "peer_id": 77},
                    "date": EPOCH,
                    "text": LONG,
                }
                for event in ("message", "service")
            )
        ),
        {"post_id": "channel77-ab", "account_id": "user5", "text": LONG, "container": "channel77"},
        1,
        1,
    ),
    "mastodon": (
        lines(STATUS, STATUS | {"uri": "https://m.example/b", "reblog": STATUS, "content": "", "account": {"acct": "ben"}}),
        {
            "post_id": STATUS["uri"],
            "account_id": "https://m.example/@anna",
            "text": f"{LONG} #Vote\na link",
            "urls": ["https://a.example/?a=1&b=2"],
            "hashtags": ["vote"],
            "reply_to_account": "https://m.example/@ben",
        },
        2,
        0,
    ),
    "gab_compact": (
        lines({"i": "6", "c": f"<b>{LONG}</b>", "created_at": ISO, "account": {"i": "1", "un": "anna"}}),
        {"text": LONG},
        1,
        0,
    ),
    "bluesky_jetstream": (
        lines(*BLUESKY),
        {
            "post_id": f"at://{DID}/app.bsky.feed.post/3kbbbbbbbbb2b",
            "created_at": AT,
            "lang": "en",
            "reply_to": POST_URI,
            "reply_to_account": "did:plc:ben",
            "quote_of": POST_URI,
            "urls": ["https://a.example/b"],
            "hashtags": ["Vote"],
            "mentions": ["did:plc:ben"],
            "media": ["bafy"],
        },
        3,
        1,
    ),
    "bluesky_posts": (
        json.dumps(
            {
                "posts": [
                    {
                        "uri": POST_URI,
                        "author": {"did": "did:plc:ben", "handle": "ben.example"},
                        "record": {"text": LONG, "createdAt": "2030-01-01T00:00:00Z"},
                        "indexedAt": ISO,
                        "likeCount": 2,
                    }
                ]
            }
        ),
        {"post_id": POST_URI, "created_at": AT, "like_count": 2},
        1,
        0,
    ),
    "openmeasures_bluesky": (
        json.dumps(
            [
                {
                    "_index": "b",
                    "_id": "q",
                    "_source": {"author": DID, "createdAt": ISO, "text": LONG, "rkey_str": "3kb", "authorProfile": {"did": DID}},
                }
            ]
        ),
        {"post_id": f"at://{DID}/app.bsky.feed.post/3kb", "account_id": DID, "text": LONG},
        1,
        0,
    ),
    "openmeasures_statuses": (
        f"_id,account.id,account.username,created_at,content_cleaned,mentions,reblog.id\n"
        f"t1,1,anna,2024-03-01T10:00:05.000,<b>{LONG}</b>,\"[{{'id': '9'}}]\",t0\n",
        {"post_id": "t1", "text": LONG, "mentions": ["9"], "retweet_of": "t0", "created_at": AT},
        1,
        0,
    ),
    "tiktok_videos": (json.dumps(TIKTOK), {"post_id": "71", "account_id": "anna", "hashtags": ["vote"], "created_at": AT}, 1, 0),
    "tiktok_comments": (
        json.dumps(
            {"data": {"comments": [{"id": 72, "video_id": 71, "parent_comment_id": 71, "text": "x", "create_time": EPOCH}]}}
        ),
        None,
        0,
        1,
    ),
    "tiktok_accounts": (json.dumps({"data": {"username": "anna", "bio_description": "hi", "follower_count": 3}}), None, 0, 0),
    "youtube_comments": (
        json.dumps({"kind": "x", "items": [THREAD]}),
        {"post_id": "c1", "account_id": "UC1", "container": "v", "reply_count": 1, "text": LONG},
        2,
        0,
    ),
    "youtube_search": (
        json.dumps(
            {
                "items": [
                    {
                        "id": {"kind": "youtube#video", "videoId": "v"},
                        "snippet": {"channelId": "UC1", "title": LONG, "publishedAt": ISO},
                    }
                ]
            }
        ),
        {"post_id": "v", "account_id": "UC1", "text": LONG},
        1,
        0,
    ),
    "youtube_videos": (
        json.dumps(
            {"items": [{"id": "v", "snippet": {"channelId": "UC1", "title": "a", "description": "b", "publishedAt": ISO}}]}
        ),
        {"post_id": "v", "text": "a\nb"},
        1,
        0,
    ),
    "youtube_channels": (
        json.dumps({"items": [{"id": "UC1", "snippet": {"title": "A"}, "statistics": {"subscriberCount": "3"}}]}),
        None,
        0,
        0,
    ),
    "youtube_data_tools_comments": (
        f"id,replyCount,likeCount,publishedAt,authorName,text,authorChannelId,authorChannelUrl,isReply,isReplyTo,isReplyToName\n"
        f"c2,,1,2024-03-01 10:00:05,Ann,{LONG},UC1,u,1,c1,Ben\n",
        {"post_id": "c2", "reply_to": "c1", "created_at": AT},
        1,
        0,
    ),
    "youtube_data_tools_videos": (
        f"position,channelId,channelTitle,videoId,publishedAt,videoTitle,videoDescription,viewCount\n"
        f"1,UC1,A,v,{ISO},t,{LONG},5\n",
        {"post_id": "v", "text": LONG, "view_count": 5},
        1,
        0,
    ),
    "reddit_pushshift": (
        lines(
            REDDIT
            | {"title": "t", "selftext": "[removed]", "is_self": True, "url": "https://r.example", "crosspost_parent": "t3_z0"},
            REDDIT | {"id": "z2", "body": LONG, "link_id": "t3_z1", "parent_id": "t3_z1"},
            REDDIT | {"id": "z3", "author": "[deleted]", "body": "x"},
        ),
        {"post_id": "t3_z1", "text": "t", "deleted": True, "urls": [], "retweet_of": "t3_z0", "container": "town"},
        2,
        1,
    ),
    "parler": (
        lines(
            {
                "createdAt": "20240301100005",
                "createdAtformatted": "x",
                "username": "anna",
                "bodywithurls": "see https://a.example/p",
            }
        ),
        {"created_at": AT, "account_id": "anna", "urls": ["https://a.example/p"]},
        1,
        0,
    ),
    "zeeschuimer_x": (
        lines(ZEESCHUIMER),
        {"post_id": "31", "text": LONG, "retweet_of": "30", "retweet_of_account": "2", "collected_at": AT},
        1,
        0,
    ),
    "zeeschuimer_tiktok": (
        lines(
            {
                "item_id": "5",
                "timestamp_collected": 1,
                "data": {"id": "5", "createTime": EPOCH, "desc": LONG, "author": {"uniqueId": "anna"}},
            }
        ),
        {"post_id": "5", "account_id": "anna", "permalink": "https://www.tiktok.com/@anna/video/5"},
        1,
        0,
    ),
    "zeeschuimer_instagram": (
        lines(
            {
                "item_id": "5",
                "timestamp_collected": 1,
                "data": {"pk": 5, "taken_at": EPOCH, "caption": {"text": LONG}, "user": {"pk": 1, "username": "anna"}},
            }
        ),
        {"post_id": "5", "account_id": "1", "text": LONG},
        1,
        0,
    ),
    "fourcat_x": (
        f"id,thread_id,timestamp,unix_timestamp,body,author,author_id,is_retweet,retweeted_user,is_quote_tweet,urls\n"
        f'51,51,2024-03-01 10:00:05,{EPOCH},RT @ben: {LONG},anna,1,yes,ben,no,"https://a.example/1,https://a.example/2"\n',
        {
            "account_id": "1",
            "created_at": AT,
            "retweet_of_account": "ben",
            "urls": ["https://a.example/1", "https://a.example/2"],
        },
        1,
        0,
    ),
    "fourcat_telegram": (
        f"id,thread_id,chat,author,author_id,body,timestamp,unix_timestamp,reply_to,author_forwarded_from_id\n"
        f"town-2,town,town,anna,5,{LONG},x,{EPOCH},1,8\n",
        {"post_id": "town-2", "reply_to": "town-1", "retweet_of_account": "8", "container": "town"},
        1,
        0,
    ),
    "fourcat_bluesky": (
        f"id,thread_id,author,author_id,body,timestamp,replied_to_post,quoted_post\n"
        f"{POST_URI},t,ben,did:plc:ben,{LONG},2024-03-01 10:00:05,at://x,\n",
        {"reply_to": "at://x", "created_at": AT, "platform": "bluesky"},
        1,
        0,
    ),
    "fourcat_tiktok": (
        f"id,thread_id,author,body,timestamp,music_id\n5,5,anna,{LONG},2024-03-01 10:00:05,m1\n",
        {"account_id": "anna"},
        1,
        0,
    ),
    "fourcat": (f"id,thread_id,author,body,timestamp\n5,t,anna,{LONG},2024-03-01 10:00:05\n", {"container": "t"}, 1, 0),
    "coordination_toolkit": (
        f"message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n"
        f"2,1,anna,1,,{LONG},{EPOCH},\"['http://a.example/1', 'http://a.example/2']\"\n",
        {"retweet_of": "1", "urls": ["http://a.example/1", "http://a.example/2"], "created_at": AT},
        1,
        0,
    ),
}


class Desk:
    """A case and its engine, with what tests ask of them."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.case = Case.create(self.folder / "case")
        self.engine = DuckDB(threads=1, memory="500MB")
        self.n_staged = 0

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def take(self, path, **options):
        with self.case.hold():
            (record,) = sources.ingest(self.case, [path], engine=self.engine, **options)
        assert (
            record["rows_read"]
            == record["posts"] + record["merged"] + record["rejected"] + record["account_rows"] + record["others"]
        )
        return record

    def stage(self, path):
        """Read a file without merging it: the number of its rows, and what became of them."""
        self.n_staged += 1
        aside = self.folder / f"stage{self.n_staged}"
        options = reading.Options(None, {}, None, None)
        record, _ = reading.stage(self.case, files.Input(path, path.name), aside, file_ix=0, engine=self.engine, options=options)
        posts = staging.Mapped([aside / "post.arrow"], STAGED_POST).table
        n_rejects = pq.read_metadata(aside / "reject.parquet").num_rows
        assert n_rejects == record["rejected"] + record["others"]
        assert record["rows_read"] == posts.num_rows + record["rejected"] + record["account_rows"] + record["others"]
        return record | {"staged": posts.num_rows, "accounts": len(posts["account_id"].unique()) or record["account_rows"]}

    def rows(self, table):
        return pa.concat_tables([pq.read_table(part, partitioning=None) for part in self.case.parts(table)]).to_pylist()


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.engine.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("bench"))
    yield made
    made.engine.close()


@pytest.mark.parametrize("name", GOLDEN)
def test_a_format_is_told_by_content_and_read_into_our_columns(desk, name):
    content, seen, n_posts, n_rejects = GOLDEN[name]
    if n_rejects and not n_posts:
        with pytest.raises(CibError, match=f"could be read as {name}, the closest format"):
            desk.take(desk.write("file", content))
        return
    record = desk.take(desk.write("file", content))
    assert (record["format"], record["posts"], record["rejected"] + record["others"]) == (name, n_posts, n_rejects)
    if seen is None:
        return
    first = min(desk.rows("post"), key=lambda row: row["source_record"])
    assert {key: first[key] for key in seen} == seen


def test_every_format_has_a_golden_file():
    elsewhere = {"rtweet", "twitter_io_archive", "ira_538", "coortweet", "generic"}
    assert {form.name for form in FORMATS} == set(GOLDEN) | elsewhere


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_format_is_consistent_in_itself(form):
    assert not set(form.made) & set(form.reads)
    assert set(form.columns) <= layouts.CANONICAL | set(layouts.FLAGS) | {"extra.object"}
    assert form.says
    if form.json:
        paths.tree(form.paths())


def test_the_catalogue_says_of_every_format_what_it_gives_and_lacks():
    rows = {row["name"]: row for row in sources.formats()}
    verbs = {verb for row in rows.values() for verb in (*row["gives"], *row["lacks"])}
    assert {"retweet", "reply"} <= set(rows["twitter_v1"]["gives"])
    assert "retweet" in rows["crowdtangle_csv"]["lacks"]
    assert rows["youtube_channels"]["gives"] == []
    assert {graph.verb for graph in graphdef.builtin() if graph.name.startswith("co_")} >= {"retweet"} <= verbs


# What single formats do beyond one row


def test_what_no_column_takes_goes_to_extra_of_the_post_or_of_the_account(desk):
    desk.take(desk.write("x.jsonl", lines(V1 | {"user": V1["user"] | {"mood": "glad"}, "user.id_str": "a key with a dot"})))
    (post,), (account,) = desk.rows("post"), desk.rows("account")
    assert dict(post["extra"]) == {"colour": "red"}
    extra = dict(account["extra"])
    assert (extra["user.mood"], extra["user.id_str'"]) == ("glad", "a key with a dot")
    assert (account["handle"], account["followers"]) == ("anna", 7)


def test_a_key_named_like_a_made_column_changes_nothing(desk):
    desk.take(desk.write("x.jsonl", lines(V1 | {"=client": "forged", "client": "forged"})))
    (post,) = desk.rows("post")
    assert post["client"] == "Deck"


def test_nobody_stops_a_file_by_inventing_keys(desk):
    hostile = json.loads(json.dumps(BLUESKY[0]))
    hostile["commit"]["record"] |= {f"k{number}": number for number in range(3000)}
    hostile["commit"]["rkey"] = "3kzzzzzzzzz2z"
    record = desk.take(desk.write("x.jsonl", lines(BLUESKY[0], hostile)))
    assert (record["posts"], record["rejected"]) == (2, 0)
    extra = {row["post_id"].rsplit("/", 1)[1]: dict(row["extra"]) for row in desk.rows("post")}
    assert json.loads(extra["3kzzzzzzzzz2z"]["commit.record"])["k2999"] == 2999


def test_pages_streams_and_errors_of_version_2_are_told_apart(desk):
    event = {"data": V2_PAGE["data"][0], "includes": V2_PAGE["includes"], "matching_rules": [{"id": 1}]}
    record = desk.take(desk.write("x.jsonl", lines(event) + '{"data": {"id": "x\n' + lines({"errors": [{"title": "Forbidden"}]})))
    assert (record["format"], record["posts"], record["rejected"]) == ("twitter_v2_page", 1, 2)
    assert [row["reason"] for row in desk.rows("reject")] == [
        "not a JSON object",
        "the platform reports: Forbidden",
    ]
    assert desk.rows("account")[0]["handle"] == "anna"


def test_a_bare_retweet_of_version_2_names_the_account_it_mentions_first(desk):
    bare = V2_PAGE["data"][0] | {"entities": {"mentions": [{"username": "ben", "id": "2"}]}}
    desk.take(desk.write("x.jsonl", lines(bare)))
    assert desk.rows("post")[0]["retweet_of_account"] == "2"


def test_a_forward_without_its_message_passes_on_its_text_and_photos_alone_do_not(desk):
    photo = {"id": 4, "type": "message", "date_unixtime": str(EPOCH), "from_id": "channel77", "forwarded_from": "E", "text": ""}
    desk.take(desk.write("result.json", json.dumps(TELEGRAM | {"messages": [*TELEGRAM["messages"], photo]})))
    posts = {row["post_id"]: row for row in desk.rows("post")}
    assert posts["channel77-3"]["retweet_of"].startswith("text:")
    assert posts["channel77-3"]["retweet_of_account"] == "channel8"
    assert posts["channel77-3"]["text"] == '["no list"]'
    assert posts["channel77-4"]["retweet_of"] is None


def test_an_export_of_a_whole_telegram_account_keeps_its_chats_apart(desk):
    chats = [TELEGRAM | {"id": number} for number in (77, 78)]
    record = desk.take(desk.write("result.json", json.dumps({"about": "x", "chats": {"about": "y", "list": chats}})))
    assert (record["posts"], record["others"]) == (4, 2)
    assert {row["container"] for row in desk.rows("post")} == {"channel77", "channel78"}


def test_the_key_in_the_address_of_an_advertisement_is_not_kept(desk):
    table = "ad_archive_id,page_id,ad_delivery_start_time,ad_creative_bodies,ad_snapshot_url,ad_creative_link_captions\n"
    desk.take(desk.write("ads.csv", table + f"93,70,2024-03-01,{LONG},https://x.example/?access_token=SECRET,b.example\n"))
    desk.take(desk.write("ads.json", GOLDEN["meta_ad_library"][0]))
    assert "SECRET" not in str(desk.rows("post")) + str(desk.rows("account"))
    assert {row["post_id"]: row["domains"] for row in desk.rows("post")}["93"] == ["b.example"]


def test_a_telephone_number_is_not_kept(desk):
    desk.take(desk.write("x.jsonl", GOLDEN["telegram_history_dump"][0]))
    assert "000" not in str(desk.rows("account")) + str(desk.rows("post"))


def test_bluesky_deletions_are_dated_by_their_key_and_profiles_are_accounts(desk):
    record = desk.take(desk.write("x.jsonl", lines(*BLUESKY)))
    posts = {row["post_id"].rsplit("/", 1)[1]: row for row in desk.rows("post")}
    assert posts["3mmoojp4cd223"]["deleted"] is True
    assert posts["3mmoojp4cd223"]["created_at"] == dt.datetime(2026, 5, 25, 14, 23, 28, 756000)
    assert posts["3kccccccccc2c"]["retweet_of"] == POST_URI
    assert (record["account_rows"], desk.rows("account")[0]["display_name"]) == (1, "Anna")
    assert desk.rows("reject")[0]["reason"] == "no post: create of app.bsky.feed.like"


def test_a_reject_of_json_holds_the_record_as_found(desk):
    found = json.dumps(REDDIT | {"author": "[deleted]", "body": "x"})
    desk.take(desk.write("x.jsonl", found + "\n" + lines(REDDIT)))
    assert desk.rows("reject")[0]["raw"].strip() == found


@pytest.mark.parametrize(("zone", "hour"), [("EST", 5), ("EDT", 6), ("PST", 2), ("CEST", 12), ("UTC", 10), ("GMT", 10)])
def test_zone_abbreviations_of_one_meaning_are_read(desk, zone, hour):
    desk.take(desk.write("x.csv", f"post_id,account_id,created_at,text\n1,a,2024-03-01 {hour:02}:00:05 {zone},x\n"))
    assert desk.rows("post")[0]["created_at"] == AT


def test_a_zone_abbreviation_of_several_meanings_is_refused(desk):
    with pytest.raises(CibError, match="1 × created_at: this time cannot be read"):
        desk.take(desk.write("x.csv", "post_id,account_id,created_at,text\n1,a,2024-03-01 10:00:05 IST,x\n"))


@pytest.mark.parametrize(
    ("markup", "plain", "links"),
    [
        ("<p>a<br/>b</p><p>c</p>", "a\nb\nc", []),
        ("1 < 2 &lt;3 and <unclosed", "1 < 2 <3 and <unclosed", []),
        ('<a href="https://a.example/?x=1&amp;y=2">see</a>', "see", ["https://a.example/?x=1&y=2"]),
        ("<a class='u-url mention' href='https://m.example/@ben'>@<span>ben</span></a>", "@ben", []),
        ("<!-- secret --><script>x</script>", "x", []),
    ],
)
def test_html_becomes_the_text_and_the_links_that_a_page_shows(markup, plain, links):
    assert text.plain(markup) == plain
    assert text.links(markup) == links


def test_hostile_html_is_read_in_linear_time():
    for piece in ("<", "<!--", "<a href=", "<a href='x' ", "&amp;", "<br", "</p "):
        started = time.process_time()
        text.plain(piece * 100_000)
        text.links(piece * 100_000)
        assert time.process_time() - started < 3, piece


# Documents


@pytest.mark.parametrize("indent", [None, 1])
def test_arrays_and_concatenated_objects_are_read_like_lines(desk, indent):
    rows = [V1 | {"id_str": str(number)} for number in range(3)]
    forms = [json.dumps(rows, indent=indent), "\n".join(json.dumps(row, indent=indent) for row in rows), lines(*rows)]
    for at, content in enumerate(forms):
        record = desk.take(desk.write(f"f{at}", content))
        assert (record["posts"], record["merged"]) == ((3, 0) if at == 0 else (0, 3))


def test_unknown_json_in_an_array_is_generic(desk):
    row = {"post_id": "1", "account_id": "a", "created_at": ISO, "text": LONG, "nan": float("nan")}
    assert desk.take(desk.write("x.json", json.dumps([row])))["format"] == "generic"
    assert desk.rows("post")[0]["text"] == LONG


def test_a_document_is_walked_in_small_pieces(monkeypatch):
    monkeypatch.setattr(jsontext, "CHUNK", 50)
    document = json.dumps(
        {"name": "n", "id": 7, "messages": [{"id": number, "t": "x" * 40} for number in range(30)], "after": [1]}
    )
    pieces = list(jsontext.Splitter(io.StringIO(document), ["messages"]))
    assert [json.loads(piece.text)["id"] for piece in pieces] == list(range(30))
    assert {json.dumps(json.loads(piece.text)["^"]) for piece in pieces} == {'{"name": "n", "id": 7}'}


def test_reading_goes_on_behind_a_broken_element():
    broken = '[\n{"a": 1},\n{"a": "open},\n{"a": 3},\n7,\n{"a": 4}\n'
    pieces = list(jsontext.Splitter(io.StringIO(broken)))
    assert [json.loads(piece.text)["a"] for piece in pieces if not piece.broken] == [1, 3, 4]
    assert len([piece for piece in pieces if piece.broken]) == 3


@pytest.mark.parametrize("chunk", range(1, 12))
def test_a_list_that_is_never_closed_loses_nothing(monkeypatch, chunk):
    monkeypatch.setattr(jsontext, "CHUNK", chunk)
    pieces = list(jsontext.Splitter(io.StringIO('[{"a": 1}, {"a": 2}')))
    assert [piece.text for piece in pieces if not piece.broken] == ['{"a": 1}', '{"a": 2}']
    assert [piece.broken for piece in pieces if piece.broken] == ["the text ends in the middle of a list"]


def test_a_very_deep_document_is_refused_not_crashed_on(desk):
    record = desk.take(desk.write("x.json", lines(V1) + '{"id_str": ' + "[" * 200_000 + "\n" + lines(V1 | {"id_str": "12"})))
    assert (record["posts"], record["rejected"]) == (2, 1)


# Packings


def test_every_packing_gives_the_same_posts(desk):
    plain = lines(V1).encode()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as archive:
        for name in ("b/two.jsonl", "a/one.jsonl"):
            entry = tarfile.TarInfo(name)
            entry.size = len(plain)
            archive.addfile(entry, io.BytesIO(plain))
    for content in (bz2.compress(plain), lzma.compress(plain)):
        assert desk.take(desk.write("x", content))["rows_read"] == 1
    with desk.case.hold():
        records = sources.ingest(desk.case, [desk.write("x.tgz", tar.getvalue())], engine=desk.engine)
    assert [(record["name"], record["merged"]) for record in records] == [("x.tgz/a/one.jsonl", 1), ("x.tgz/b/two.jsonl", 1)]
    assert len(desk.rows("post")) == 1


def test_a_damaged_packing_is_refused(desk):
    for whole in (bz2.compress(lines(V1).encode() * 999), lzma.compress(lines(V1).encode() * 999)):
        with pytest.raises(CibError):
            desk.take(desk.write("x", whole[:-30]))


def test_a_dash_reads_standard_input(desk, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines(V1).encode())))
    record = desk.take(Path("-"))
    assert (record["name"], record["posts"]) == ("standard input", 1)


# Whatever an adversary makes of a file

plain_values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from([[], {}, [None], [[]], [{}], {"a": {}}])
)


def spots(found, above=()):
    """Every place in a nested value."""
    inner = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else ()
    return [above, *(spot for key, value in inner for spot in spots(value, (*above, key)))]


def replaced(found, spot, value):
    if not spot:
        return value
    copy = dict(found) if isinstance(found, dict) else list(found)
    copy[spot[0]] = replaced(copy[spot[0]], spot[1:], value)
    return copy


def check_any(desk, content):
    """Reading gives an error of ours, or every row is counted."""
    path = desk.write("any", content)
    try:
        desk.stage(path)
    except CibError:
        return


@pytest.mark.parametrize("name", GOLDEN)
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_file_of_any_format_is_read_or_refused(bench, name, data):
    raw = GOLDEN[name][0].encode()
    at = data.draw(st.integers(1, len(raw) - 1))
    flipped = raw[:at] + bytes([raw[at] ^ data.draw(st.integers(1, 255))]) + raw[at + 1 :]
    check_any(bench, data.draw(st.sampled_from([raw[:at], flipped, raw[:at] + raw, raw + raw[at:]])))


@pytest.mark.parametrize("name", [name for name, (content, *_) in GOLDEN.items() if content.lstrip()[0] in "[{"])
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_wrong_nesting_in_any_format_is_read_or_refused(bench, name, data):
    content = GOLDEN[name][0]
    found = [json.loads(content)] if content.count("\n{") == 0 else [json.loads(line) for line in content.splitlines()]
    for _ in range(2):
        found = replaced(found, data.draw(st.sampled_from(spots(found)[1:])), data.draw(plain_values))
        if not spots(found)[1:]:
            break
    check_any(bench, content + "\n".join(json.dumps(record) for record in found))


@pytest.mark.parametrize("name", ["twitter_v1", "telethon", "crowdtangle_csv", "generic"])
def test_damaged_records_of_a_format_are_each_in_one_place(name):
    found, failures = fuzz.fuzz(name, fuzz.samples()[name], n_records=150)
    assert not failures, failures[0]
    assert found["rejected"] > 20 or found["refused"]


def test_a_document_that_is_cut_off_costs_itself_only(desk):
    page = json.dumps({"statuses": [V1]})
    others = [json.dumps({"statuses": [V1 | {"id_str": str(number)}]}) for number in range(3)]
    record = desk.take(desk.write("pages.jsonl", "\n".join([others[0], page[: len(page) // 2], *others[1:]])))
    assert (record["format"], record["posts"]) == ("twitter_v1", 3)
    assert record["rejected"] == record["rows_read"] - 3 > 0


def test_half_a_letter_in_an_error_of_the_platform_is_replaced(desk):
    record = desk.take(desk.write("x.jsonl", lines(V2_PAGE, {"errors": [{"title": "Not \ud83d"}]})))
    assert record["rejected"] >= 1
    assert "the platform reports: Not \ufffd" in {row["reason"] for row in desk.rows("reject")}


def test_numbers_that_json_does_not_know_mark_no_links(desk):
    entities = [{"_": "MessageEntityUrl", "offset": 0, "length": float("inf")}]
    message = {
        "_": "Message",
        "id": 1,
        "peer_id": {"channel_id": 7},
        "date": ISO,
        "message": "see a.example",
        "entities": entities,
    }
    assert desk.take(desk.write("x.jsonl", lines(message, message | {"id": 2, "entities": [1]})))["rejected"] == 0


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet='{}[]",:\\\n a1', max_size=60), st.integers(1, 9))
def test_any_text_is_split_to_its_end_and_nothing_hangs(written, chunk):
    kept = jsontext.CHUNK
    jsontext.CHUNK = chunk
    try:
        pieces = list(jsontext.Splitter(io.StringIO(written), LISTS))
    finally:
        jsontext.CHUNK = kept
    assert all(piece.broken or piece.text.startswith("{") for piece in pieces)
    assert sum(len(piece.text) for piece in pieces if not piece.where) <= len(written)


# Real files: counts only


@needs_data
@pytest.mark.parametrize(
    ("path", "form", "posts", "accounts", "rejected"),
    [
        ("twitter_v1_1/rumoureval_tweets.jsonl", "twitter_v1", 54, 54, 0),
        ("twitter_v1_1/search_tweets_response.json", "twitter_v1", 35, 33, 0),
        ("coordination_toolkit/osome_CS4_sample.json", "twitter_v1", 17, 15, 0),
        ("twitter_v2/academictwitteR_data_bare.json", "twitter_v2", 80, 62, 0),
        ("twitter_v2/twarc2_flattened.jsonl", "twitter_v2", 29, 28, 0),
        ("twitter_v2/twarc2_response_page_brexit.jsonl", "twitter_v2_page", 25, 25, 0),
        ("twitter_v2/twarc2_streaming_output_with_error.jsonl", "twitter_v2_page", 7, 7, 1),
        ("twitter_v2/twarc2_users.jsonl", "twitter_v2_users", 0, 96, 8),
        ("crowdtangle/ct_csv_subset_columns.csv", "crowdtangle_csv", 266, 4, 0),
        ("crowdtangle/ct_api_links_flat.csv", "crowdtangle_api", 60, 60, 0),
        ("crowdtangle/api_posts_response.json", "crowdtangle_api", 2, 2, 0),
        ("telegram/desktop_export_result_shape.json", "telegram_desktop", 3, 1, 0),
        ("telegram/telegram_history_dump_supergroup.jsonl", "telegram_history_dump", 60, 2, 3),
        ("telegram/telethon_minimal_channel.json", "telethon_minimal", 60, 1, 0),
        ("telegram/telethon_to_dict_shape.jsonl", "telethon", 1, 1, 0),
        ("mastodon/mastodonsocial_public_timeline.jsonl", "mastodon", 48, 44, 0),
        ("mastodon/mastodon_small.jsonl", "mastodon", 15, 14, 0),
        ("bluesky_jetstream/jetstream_expected_v1.jsonl", "bluesky_jetstream", 33, 31, 119),
        ("openmeasures/bluesky_hits.json", "openmeasures_bluesky", 60, 50, 0),
        ("openmeasures/truth_social_golden.csv", "openmeasures_statuses", 5, 5, 0),
        ("tiktok_research_api/example_resp_q_videos.json", "tiktok_videos", 0, 0, 2),
        ("youtube_api/comment_threads_response.json", "youtube_comments", 13, 13, 0),
        ("youtube_api/channels_page_final.json", "youtube_channels", 0, 2, 0),
        ("reddit_pushshift/test_comments.json", "reddit_pushshift", 22, 22, 5),
        ("reddit_pushshift/test_submissions.json", "reddit_pushshift", 31, 28, 0),
        ("snscrape/gdansk_tweets_utf8.jsonl", "snscrape", 38, 22, 0),
        ("snscrape/ukraine_tweets_utf16.jsonl", "snscrape", 20, 18, 0),
        ("parler/parler_post_shape.ndjson", "parler", 1, 1, 0),
        ("zeeschuimer/x_item_shape.ndjson", "zeeschuimer_x", 1, 1, 0),
        ("coordination_toolkit/cnt_sample_data.csv", "coordination_toolkit", 100, 10, 0),
    ],
)
def test_real_files_give_these_counts(bench, path, form, posts, accounts, rejected):
    record = bench.stage(Path(SHARED) / "data" / "fixtures" / path)
    left = record["rejected"] + record["others"]
    assert (record["format"], record["staged"], record["accounts"], left) == (form, posts, accounts, rejected)


# Many files at once, and back again


def test_a_folder_of_mixed_exports_goes_in_at_once_and_every_file_is_listed(tmp_path):
    folder = tmp_path / "in"
    for name, content in {
        "one/result.json": json.dumps(TELEGRAM),
        "two/result.json": json.dumps(TELEGRAM | {"id": 78, "name": "Other town"}),
        "comments.json": GOLDEN["youtube_comments"][0],
        "pages.csv.gz": gzip.compress(GOLDEN["crowdtangle_csv"][0].encode()),
        "by mistake.pdf": b"%PDF-1.7",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = cib.ingest(tmp_path / "case", [folder], threads=1)
    records = {record["name"]: record for record in result["ingest"]}
    assert {name: record["format"] for name, record in records.items()} == {
        "by mistake.pdf": "skipped",
        "comments.json": "youtube_comments",
        "one/result.json": "telegram_desktop",
        "pages.csv.gz": "crowdtangle_csv",
        "two/result.json": "telegram_desktop",
    }
    assert [records[f"{number}/result.json"]["posts"] for number in ("one", "two")] == [2, 2]  # equal ids in two chats
    assert [row["platform"] for row in result["carries"]] == ["facebook", "telegram", "youtube"]
    shown = terminal.as_text("ingest", result)
    assert all(name in shown for name in (*records, "What can be judged", "a PDF: skipped"))
    again = cib.ingest(tmp_path / "case", [folder], threads=1)
    assert all(record["repeated"] for record in again["ingest"])


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    return roundtrip.world(tmp_path_factory.mktemp("round") / "world", accounts=200, seed=7)


@pytest.mark.parametrize("name", roundtrip.FORMATS)
def test_a_world_written_in_a_format_and_read_back_has_the_same_rows(simulated, bench, name):
    write, save, columns = roundtrip.FORMATS[name]
    posts = simulated[:600]
    save(bench.folder / name, (write(post) for post in posts))
    record = bench.stage(bench.folder / name)
    assert (record["format"], record["staged"]) == (name, len(posts))
    staged = staging.Mapped([bench.folder / f"stage{bench.n_staged}" / "post.arrow"], STAGED_POST).table
    rows = staged.sort_by("source_record").to_pylist()
    for post, row in zip(posts, rows, strict=True):
        given, row = (
            {name: list(dict.fromkeys(cell)) if isinstance(cell := side[name], list) else cell for name in columns}
            for side in (post, row)
        )
        assert {column: row[column] for column in columns} == given | {
            "platform": row["platform"],
            "created_at": row["created_at"],
        }
    assert [row["created_at"] for row in rows] == [post["created_at"].replace(tzinfo=None) for post in posts]


@needs_data
@pytest.mark.parametrize("folder", sorted(path.name for path in (Path(SHARED or ".") / "data" / "fixtures").glob("*")))
def test_the_smallest_real_file_of_every_collector_is_of_the_format_of_its_folder(folder):
    files_of = sorted((Path(SHARED) / "data" / "fixtures" / folder).glob("*"), key=lambda path: (path.stat().st_size, path.name))
    assert fixtures.is_expected(line := fixtures.read(files_of[0])), line


def test_what_is_understood_and_no_post_is_kept_apart_and_no_alarm(desk):
    said = {
        "id": 1,
        "type": "message",
        "date": "2024-03-01T10:00:05",
        "date_unixtime": "1709287205",
        "from": "Anna",
        "from_id": "user1",
        "text": "hello",
    }
    joined = {
        "id": 2,
        "type": "service",
        "date": "2024-03-01T10:00:06",
        "date_unixtime": "1709287206",
        "actor": "Ben",
        "actor_id": "user2",
        "action": "join_group_by_link",
        "text": "",
    }
    chat = {
        "name": "Town",
        "type": "public_supergroup",
        "id": 7,
        "messages": [said, joined, joined | {"id": 3, "action": "pin_message"}],
    }
    record = desk.take(desk.write("result.json", json.dumps(chat)))
    assert (record["posts"], record["others"], record["rejected"]) == (1, 2, 0)
    assert record["notes"] == [
        "2 rows are no posts and were kept apart: 1 × a service message, join_group_by_link, 1 × a service message, pin_message."
    ]
    kept = desk.rows("reject")
    assert [(row["field"], row["reason"]) for row in kept] == [
        ("type", "no post: a service message, join_group_by_link"),
        ("type", "no post: a service message, pin_message"),
    ]
    assert '"actor": "Ben"' in kept[0]["raw"]


def test_columns_of_a_users_own_that_are_called_as_our_flags_are_kept_and_mean_nothing(desk):
    record = desk.take(
        desk.write("x.csv", "account_id,created_at,text,refused,other,is_account\na,2024-03-01,hello,yes,no,true\n")
    )
    assert (record["posts"], record["rejected"], record["others"]) == (1, 0, 0)
    assert dict(desk.rows("post")[0]["extra"]) == {"is_account": "true", "other": "no", "refused": "yes"}
