"""Contents of plans, as the web part freezes them; every province, body and number here is made up unless published."""

from typing import Any

NAMES = (
    "Tham gia của người dân ở cấp cơ sở",
    "Công khai, minh bạch trong việc ra quyết định",
    "Trách nhiệm giải trình với người dân",
    "Kiểm soát tham nhũng trong khu vực công",
    "Thủ tục hành chính công",
    "Cung ứng dịch vụ công",
    "Quản trị môi trường",
    "Quản trị điện tử",
)
TITLE = "Kế hoạch thực hiện các giải pháp nâng cao hiệu quả quản trị và hành chính công tỉnh An Giang năm {}"
CHANGED = ("", "Một câu hỏi đổi cách hỏi từ năm 2025.", "Thang điểm đổi từ năm 2025.", "")
BASES = (4.271936, 5.4, 4.35, 6.9, 7.1, 7.65, 3.5, 3.1)
GROUPS = ("low", "mid_low", "mid_high", "high")
ADVICE = {"low": "improve", "mid_low": "improve", "mid_high": "raise", "high": "hold"}
BODIES = (
    "Sở Nội vụ",
    "Văn phòng UBND tỉnh",
    "Thanh tra tỉnh",
    "Sở Nông nghiệp và Môi trường",
    "Sở Khoa học và Công nghệ",
)


def make_target(code: str = "D1", **changes: Any) -> dict[str, Any]:
    base = changes.get("base", 4.271936)
    return {
        "code": code,
        "level": "dimension",
        "name": NAMES[0],
        "priority": "improve",
        "base": base,
        "group": "low",
        "cuts": [base - 0.3, base + 0.05, base + 0.4],
        "bounds": [1, 10],
        "spec": "4.60",
        "target_value": base + 0.32,
        "target_text": f"đạt từ {base + 0.32:.2f} điểm".replace(".", ","),
        "comparable": "yes",
        "reason": "",
        "owners": ["Sở Nội vụ"],
        "chance": 0.31,
        "note": None,
        "derived": True,
        **changes,
    }


def make_task(number: str = "1", **changes: Any) -> dict[str, Any]:
    return {
        "number": number,
        "title": "Niêm yết công khai thủ tục hành chính tại nơi tiếp nhận hồ sơ",
        "components": ["D1"],
        "leads": ["Sở Nội vụ"],
        "coordinating": ["UBND các xã, phường, đặc khu"],
        "due_on": "2026-06-30",
        "deliverable": "Báo cáo kết quả",
        **changes,
    }


def make_content(**changes: Any) -> dict[str, Any]:
    """A draft for 2026 with six contents."""
    return {
        "schema": 1,
        "index": "papi",
        "index_name": "Chỉ số Hiệu quả quản trị và hành chính công cấp tỉnh (PAPI)",
        "title": TITLE.format(2026),
        "province": "An Giang",
        "province_kind": "tỉnh",
        "year": 2026,
        "base_year": 2024,
        "base_unit": "An Giang (đến 30/6/2025)",
        "number": None,
        "issued_on": None,
        "is_demonstration": True,
        "is_historic": False,
        "purposes": [
            "Tập trung cải thiện các nội dung có điểm thuộc nhóm thấp nhất và trung bình thấp.",
            "Giữ vững các nội dung có điểm cao.",
        ],
        "requirements": [
            "Quán triệt, triển khai Kế hoạch trong toàn ngành, toàn đơn vị.",
            "Mỗi nhiệm vụ có cơ quan chủ trì, thời hạn và sản phẩm.",
        ],
        "standing": {"score": 42.891685, "rank": 40, "n": 61, "near": 31, "group": "mid_low", "interval": None},
        "targets": [
            make_target(
                f"D{i + 1}",
                name=NAMES[i],
                base=BASES[i],
                group=GROUPS[i % 4],
                priority=ADVICE[GROUPS[i % 4]],
                derived=i == 0,
                owners=[BODIES[i]] if i not in (1, 4, 5) else [],
            )
            for i in range(6)
        ],
        "tasks": [make_task(str(i), components=[f"D{i}"], leads=[BODIES[i - 1]]) for i in range(1, 5)],
        "shows_chances": True,
        "releases": [{"name": "PAPI 2024", "sha256": "ab" * 32, "source": "papi.org.vn"}],
        "plan_source": {},
        "engine_version": "0.1.0",
        "made_on": "2026-11-25",
        **changes,
    }


def make_large_content() -> dict[str, Any]:
    """A draft with 8 contents, 32 parts and 60 tasks, some of them incomplete."""
    targets = [
        make_target(
            f"D{i + 1}",
            name=NAMES[i],
            base=BASES[i],
            group=GROUPS[i % 4],
            priority=ADVICE[GROUPS[i % 4]],
            derived=i == 0,
            comparable=("yes", "doubtful", "no")[i % 3],
            reason=CHANGED[i % 3],
            owners=[BODIES[i % 5]] if i not in (1, 4) else [],
        )
        for i in range(8)
    ]
    parts = [
        make_target(
            f"D{i + 1}.{j}",
            level="sub_dimension",
            name=f"Nội dung thành phần {j} của {NAMES[i].lower()}",
            base=1.1 + 0.1 * j,
            bounds=[0.25, 2.5],
            spec="better",
            target_value=None,
            target_text="cao hơn kết quả năm gốc",
            owners=[],
            derived=False,
            comparable=("yes", "doubtful", "no", "yes")[j - 1],
            reason=CHANGED[j - 1],
        )
        for i in range(8)
        for j in range(1, 5)
    ]
    tasks = [
        make_task(
            str(i),
            title=f"Nhiệm vụ thứ {i}: rà soát, công khai và giải quyết đúng hạn các thủ tục hành chính " * (1 + i % 3),
            components=[f"D{i % 8 + 1}.{i % 4 + 1}"] if i % 7 else [],
            leads=[BODIES[i % 5]] if i % 11 else [],
            due_on=f"2026-{i % 12 + 1:02d}-15" if i % 5 else None,
            deliverable="Báo cáo" if i % 3 else "",
        )
        for i in range(1, 61)
    ]
    return make_content(targets=[*targets, *parts], tasks=tasks)


def make_historic_content() -> dict[str, Any]:
    """The plan of 2019, as its published digest tells it."""
    numbers = (5.4, 6.0, 5.0, 7.0, 7.3, 7.7)
    bases = (5.245, 5.886, 4.556, 6.948, 7.263, 7.614)
    groups = ("mid_low", "mid_high", "low", "high", "mid_high", "high")
    targets = [
        make_target(
            f"D{i + 1}",
            name=NAMES[i],
            base=bases[i],
            group=groups[i],
            priority=ADVICE[groups[i]],
            target_value=numbers[i],
            spec=f"{numbers[i]:.2f}",
            target_text=f"đạt từ {numbers[i]:.2f} điểm".replace(".", ","),
            owners=[],
            derived=False,
            comparable="no" if i in (1, 2) else "yes",
            reason="Bộ chỉ số năm 2018 có nội dung thành phần khác." if i in (1, 2) else "",
        )
        for i in range(6)
    ]
    parts = [
        make_target(
            f"D{i + 1}.{j}",
            level="sub_dimension",
            name=f"Thành phần {j} của {NAMES[i]}",
            base=1.5,
            bounds=[0.25, 2.5],
            spec="better",
            target_value=None,
            target_text="cao hơn kết quả năm gốc",
            owners=[],
            derived=False,
            priority="",
        )
        for i in range(6)
        for j in range(1, 4)
    ]
    silent = {"coordinating": [], "due_on": None, "deliverable": "", "components": []}
    tasks = [
        make_task(
            "1",
            title="Chú trọng nâng cao vai trò, trách nhiệm của cán bộ, công chức, viên chức",
            leads=["Các sở, ban, ngành", "UBND các huyện, thị xã, thành phố", "UBND các xã, phường, thị trấn"],
            **silent,
        ),
        *(make_task(str(i), leads=["Sở Nội vụ"], **silent) for i in range(2, 8)),
        *(
            make_task(
                str(i),
                leads=["Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh"],
                **{**silent, "coordinating": ["Đoàn thể các cấp"]},
            )
            for i in range(8, 11)
        ),
        *(
            make_task(str(i), leads=["Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh"], **{**silent, "components": ["D3"]})
            for i in (11, 12)
        ),
    ]
    return make_content(
        title=TITLE.format(2019),
        year=2019,
        base_year=2017,
        base_unit="An Giang (đến 30/6/2025)",
        number="135/KH-UBND",
        issued_on="2019-03-27",
        is_historic=True,
        targets=[*targets, *parts],
        tasks=tasks,
        standing={"score": 37.512, "rank": 18, "n": 63, "near": 29, "group": "mid_high", "interval": None},
        releases=[{"name": "PAPI 2017", "sha256": "cd" * 32, "source": "papi.org.vn"}],
        shows_chances=False,
        plan_source={
            "title": "An Giang: Kế hoạch nâng cao hiệu quả quản trị và hành chính công tỉnh năm 2019",
            "publisher": "Sở Thông tin và Truyền thông tỉnh An Giang",
            "published_on": "2019-04-04",
            "address": "sotttt.angiang.gov.vn",
        },
    )
