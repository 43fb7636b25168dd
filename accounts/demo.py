"""The demo's people: who they are, and the one password they share."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from accounts.demo_faces import give_face
from accounts.models import School, User
from accounts.services.users import insert_user
from api.db import write

PASSWORD = "madang-demo-1"
STAFF = "demo_staff"
JOINED = timedelta(days=90)
# So many students of a school have a picture of themselves, and so has the manager.
FACES = 4


@dataclass(frozen=True)
class Troupe:
    """A school of the demo, and what its people call themselves. Usernames begin with `key`.

    `sanctioned` is the number of the student whom a sanction in the demo's scripts binds.
    """

    key: str
    school: str
    moderator: str
    manager: str
    unverified: str
    students: tuple[str, ...]
    sanctioned: int | None = None


@dataclass(frozen=True)
class Cast:
    """A troupe in the database. All but one are verified."""

    key: str
    moderator: User
    manager: User
    unverified: User
    students: list[User]

    @property
    def verified(self) -> list[User]:
        return [*self.students, self.manager, self.moderator]


TROUPES = (
    Troupe(
        "hongik",
        "홍익대학교",
        moderator="홍익지기",
        manager="와우총대",
        unverified="갓입학",
        students=(
            "와우산다람쥐",
            "야작중",
            "상수역3번출구",
            "물감튜브",
            "컴공3학년",
            "경의선산책",
            "홍문관지박령",
            "과제전D7",
            "드럼치는곰",
            "클래스넷서버",
            "연남동고양이",
        ),
        sanctioned=7,
    ),
    Troupe(
        "ewha",
        "이화여자대학교",
        moderator="이화지기",
        manager="월계수잎",
        unverified="정문어디",
        students=(
            "배꽃향기",
            "ECC계단",
            "포관요정",
            "채플출석러",
            "한우리집밥",
            "초록학잠",
            "후문산책",
            "코딩하는벗",
            "미디어고인물",
            "도서관붙박이",
            "오르막싫어",
        ),
    ),
    Troupe(
        "sogang",
        "서강대학교",
        moderator="서강지기",
        manager="청년광장",
        unverified="X관이어디죠",
        students=(
            "노고산등산러",
            "로욜라귀신",
            "알바트로스",
            "곤자가입주민",
            "다산관뒷자리",
            "엠마오단골",
            "FA한번남음",
            "삼민광장볕",
            "경제하는사람",
            "메리홀열쇠",
            "K관복도",
        ),
    ),
    Troupe(
        "yonsei",
        "연세대학교",
        moderator="연세지기",
        manager="이글이",
        unverified="신촌초보",
        students=(
            "백양로달리기",
            "중도4층",
            "독수리알",
            "마일리지부자",
            "고를샘먹고맛나샘",
            "위당관고양이",
            "통계좀살려줘",
            "송도탈출",
            "응원단아님",
            "컴과막학기",
            "연희동주민",
        ),
    ),
    Troupe(
        "gnu",
        "경상국립대학교",
        moderator="경상지기",
        manager="가좌반장",
        unverified="진주초행길",
        students=(
            "남강유등빛",
            "가좌동올빼미",
            "칠암행셔틀",
            "진주냉면곱빼기",
            "개양오거리",
            "망진산노을",
            "촉석루낮잠",
            "농장당번",
            "진양호바람",
            "통영꿀빵",
            "사천비행기구름",
        ),
    ),
    Troupe(
        "dongguk",
        "동국대학교",
        moderator="동국지기",
        manager="팔정도반장",
        unverified="동대입구몇번",
        students=(
            "남산자락산책",
            "혜화관그늘",
            "충무로조감독",
            "만해관계단",
            "코끼리코",
            "상록원단골",
            "에스컬레이터",
            "필동자취생",
            "원흥관새벽불",
            "명진관담쟁이",
            "장충동족발왕",
        ),
    ),
)


def is_loaded() -> bool:
    return User.objects.filter(username=STAFF).exists()


@write
def load(now: datetime, files: list[str]) -> list[Cast]:
    """Make the staff user and each troupe, whose schools must be there. A taken name is a 400 `unique`.

    The names of stored files go into `files`.
    """
    # Hashed once: a hash for everybody would be most of the command's time.
    password = make_password(PASSWORD)
    join(STAFF, "마당지기", password, now, is_staff=True, is_superuser=True)
    casts = [load_troupe(troupe, password, now) for troupe in TROUPES]
    for cast in casts:
        for user in (cast.manager, *cast.students[:FACES]):
            give_face(user, files)
    return casts


def load_troupe(troupe: Troupe, password: str, now: datetime) -> Cast:
    school = School.objects.get(name_key=troupe.school)

    def member(role: str | int, nickname: str, **fields: Any) -> User:
        verified = {"school": school, "school_verified_at": now - JOINED}
        return join(f"{troupe.key}_{role}", nickname, password, now, **verified | fields)

    return Cast(
        key=troupe.key,
        moderator=member("moderator", troupe.moderator, is_moderator=True),
        manager=member("manager", troupe.manager),
        unverified=member("unverified", troupe.unverified, school_verified_at=None),
        students=[
            member(number, nickname, admission_year=now.year - number % 4)
            for number, nickname in enumerate(troupe.students, 1)
        ],
    )


def join(username: str, nickname: str, password: str, now: datetime, **fields: Any) -> User:
    names = {"username": username, "email": f"{username}@example.com", "nickname": nickname}
    user = insert_user(names | {"password": password} | fields)
    user.created_at = now - JOINED
    user.save(update_fields=["created_at"])
    return user


def describe() -> str:
    """Everybody one can sign in as."""
    lines = [f"Demo users. Everybody's password is {PASSWORD}", "", f"  {STAFF:20}staff, for /admin/"]
    for troupe in TROUPES:
        last = len(troupe.students)
        lines += [
            "",
            troupe.school,
            f"  {troupe.key + '_moderator':20}moderator",
            f"  {troupe.key + '_manager':20}manager of boards",
            f"  {troupe.key + '_1':20}student (to {troupe.key}_{last}: {last} of them)",
            f"  {troupe.key + '_unverified':20}has not verified the school",
        ]
        if troupe.sanctioned:
            name = f"{troupe.key}_{troupe.sanctioned}"
            lines.append(f"  {name:20}can't write: sanctioned through an anonymous comment")
    return "\n".join(lines)
