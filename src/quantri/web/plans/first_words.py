"""The words that a new plan begins with; the office changes them as it writes. Documents are Vietnamese."""

from typing import Any

from quantri.web.places.models import Province

PURPOSES = (
    "Nâng cao chất lượng quản trị và hành chính công của {place}, lấy sự hài lòng của người dân làm thước đo; "
    "cải thiện kết quả {index} năm {year} so với năm {base_year}.",
    "Ưu tiên cải thiện các nội dung thuộc nhóm điểm thấp nhất và nhóm trung bình thấp; nâng cao các nội dung thuộc "
    "nhóm trung bình cao; giữ vững và phát huy các nội dung thuộc nhóm điểm cao nhất.",
)
REQUIREMENTS = (
    "Xác định rõ cơ quan chủ trì, cơ quan phối hợp, thời hạn và sản phẩm của từng nhiệm vụ.",
    "Người đứng đầu các cơ quan, đơn vị, địa phương chịu trách nhiệm về kết quả thực hiện nhiệm vụ được giao.",
    "Triển khai đồng bộ trên toàn địa bàn; không can thiệp, không hướng dẫn người dân trả lời khảo sát.",
)


def first_words(province: Province, *, index: str, base_year: int, year: int) -> dict[str, Any]:
    """Give title, purposes and requirements of a new plan, by the names of its fields."""
    facts = {"place": province.title, "index": index.upper(), "base_year": base_year, "year": year}
    return {
        "title": f"Kế hoạch nâng cao Chỉ số Hiệu quả quản trị và hành chính công (PAPI) {province.title} năm {year}",
        "purposes": [line.format(**facts) for line in PURPOSES],
        "requirements": [line.format(**facts) for line in REQUIREMENTS],
    }
